package io.smartdata.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.forecast.document.ModelDocument;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Forecaster;
import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of model goes on from its JSON, known by its id alone, as if it had never been stored. */
class StoredModelsTest {
    private static final long SEED = 11;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auto",
                "sarimax(1,1,1)(0,1,1)7",
                "auto-arima",
                "log:sarimax(1,0,0)+c",
                "ets",
                "theta",
                "otm",
                "dotm",
                "log:theta",
                "ces",
                "mstl:theta",
                "mstl:ets",
                "boxcox:ets",
                "ets(A,Ad,A)",
                "croston",
                "sba",
                "tsb",
                "seasonal-naive",
                "constant"
            })
    void aStoredModelPredictsWhatItWouldHave(String spec) {
        Random random = new Random(SEED);
        double[] values = IntStream.range(0, 200)
                .mapToDouble(i -> 100 + i / 10.0 + 20 * (i % 7) + 5 * random.nextGaussian())
                .toArray();
        TimeSeries all = TimeSeries.daily(LocalDate.of(2025, 1, 1), ZoneOffset.UTC, values);
        ForecastRequest request = ForecastRequest.of(all.slice(0, 180), 14);
        Forecaster forecaster = Forecasters.of(spec);
        FittedModel model = forecaster.fit(request);
        FittedModel stored = ModelDocument.read(new ModelDocument(model, List.of()).write())
                .orElseThrow()
                .model();
        assertThat(stored).isEqualTo(model);
        for (int now : List.of(180, 181, 200)) {
            ForecastRequest later = request.withHistory(all.slice(0, now));
            Forecast forecast = Forecasters.of(stored.id()).forecast(stored, later);
            assertThat(forecast).isEqualTo(forecaster.forecast(model, later));
            assertThat(forecast.modelId()).isEqualTo(model.id());
        }
    }
}
