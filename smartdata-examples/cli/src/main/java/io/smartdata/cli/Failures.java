package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.IngestRefusedException;
import io.smartdata.core.ingest.InvalidInputException;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.event.EventOutcome;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a message, a JSON object if that was asked for, and an exit code. */
final class Failures implements IExecutionExceptionHandler {
    static final int BAD_INPUT = 1;
    static final int USAGE = 2;
    static final int STORE = 3;

    private static final Set<String> STORE_CODES = Set.of("store_unavailable", "unknown_outcome", "store_failure");
    private static final Set<String> USAGE_CODES = Set.of(
            "driver_missing",
            "invalid_jdbc_url",
            "schema_mismatch",
            "unknown_model",
            "unknown_detector",
            "invalid_catalog",
            "yaml_missing",
            "unreadable_input",
            "unknown_kpi",
            "unknown_org",
            "usage");

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) throws Exception {
        SmartDataException failure = asFailure(exception);
        if (parsed.hasMatchedOption("--json") || parsed.expandedArgs().contains("--json")) {
            command.getOut().println(json(failure));
            command.getOut().flush();
        }
        command.getErr().println(command.getColorScheme().errorText("smartdata: " + failure.getMessage()));
        if (failure instanceof IngestRefusedException refused) {
            refused.badRows().stream()
                    .skip(1)
                    .limit(9)
                    .forEach(row -> command.getErr().println("  " + describe(row)));
            if (refused.badRowCount() > 10) {
                command.getErr().println("  and " + (refused.badRowCount() - 10) + " more");
            }
        }
        command.getErr().println("  code: " + failure.code());
        return exitCode(failure);
    }

    private static SmartDataException asFailure(Exception exception) throws Exception {
        if (exception instanceof SmartDataException failure) {
            return failure;
        }
        if (exception instanceof IOException || exception instanceof java.io.UncheckedIOException) {
            return new SmartDataException("unreadable_input", String.valueOf(exception.getMessage()), exception);
        }
        if (exception instanceof IllegalArgumentException) {
            return new SmartDataException("usage", String.valueOf(exception.getMessage()), exception);
        }
        throw exception;
    }

    private static String describe(EventOutcome row) {
        var rejection = row.rejection();
        return rejection == null
                ? "row " + row.row()
                : "row %d%s: %s %s"
                        .formatted(
                                row.row(),
                                rejection.field() == null ? "" : ", field " + rejection.field(),
                                rejection.code().code(),
                                rejection.message());
    }

    private static String json(SmartDataException failure) {
        ObjectNode error = new ObjectMapper().createObjectNode();
        error.put("code", failure.code());
        error.put("message", failure.getMessage());
        if (failure instanceof InvalidInputException invalid) {
            error.put("row", invalid.row());
            error.put("field", invalid.field());
        }
        if (failure instanceof IngestRefusedException refused) {
            EventOutcome first = refused.badRows().get(0);
            error.put("row", first.row());
            error.put(
                    "field",
                    first.rejection() == null ? null : first.rejection().field());
            error.put("badRows", refused.badRowCount());
            error.set("rows", ReceiptJson.outcomes(refused.badRows()));
        }
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.set("error", error);
        return root.toString();
    }

    private static int exitCode(SmartDataException failure) {
        if (STORE_CODES.contains(failure.code())) {
            return STORE;
        }
        return USAGE_CODES.contains(failure.code()) ? USAGE : BAD_INPUT;
    }
}
