package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;

/** Stored bytes that are not a KPI state of this version. */
final class DamagedStateException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    DamagedStateException(String what) {
        super(
                "damaged_cell",
                what
                        + " No figure is given instead of a wrong one. Verify names the cell, rebuild makes it again from the raw events.");
    }
}
