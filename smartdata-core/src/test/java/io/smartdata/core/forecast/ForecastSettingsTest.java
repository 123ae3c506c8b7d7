package io.smartdata.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.forecast.CalendarEvents;
import io.smartdata.tenancy.OrgId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastSettingsTest {
    @Test
    void aThresholdOfItsOwnComesBeforeThatOfAll() {
        ForecastSettings settings = ForecastSettings.defaults()
                .withThreshold(55)
                .withThreshold("revenue", 70)
                .withThreshold("visits", 0);
        assertThat(settings.thresholdOf("revenue")).isEqualTo(70);
        assertThat(settings.thresholdOf("visits")).isZero();
        assertThat(settings.thresholdOf("orders")).isEqualTo(55);
        assertThat(ForecastSettings.defaults().thresholdOf("revenue")).isZero();
    }

    @Test
    void eventsMayDifferByOrg() {
        CalendarEvents carnival = CalendarEvents.none().with("carnival", List.of(LocalDate.of(2026, 2, 16)));
        ForecastSettings settings = ForecastSettings.defaults()
                .withEvents(org -> org.value().equals("cologne") ? carnival : CalendarEvents.none());
        assertThat(settings.events().apply(OrgId.of("cologne")).influences()).containsExactly("carnival");
        assertThat(settings.events().apply(OrgId.of("berlin")).influences()).isEmpty();
    }

    @Test
    void wrongSettingsFailAtOnce() {
        ForecastSettings settings = ForecastSettings.defaults();
        assertThatThrownBy(() -> settings.withModel("crystal-ball"))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_model"));
        assertThatThrownBy(() -> settings.withThreshold(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings.withThreshold("revenue", -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings.withMaxModelAge(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
