package io.smartdata.core.forecast.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.forecast.FittedModel;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDocumentTest {
    private static FittedModel model(
            Map<String, Double> parameters, @Nullable Double logLikelihood, List<FittedModel> members) {
        return new FittedModel(
                "sarimax(1,1,1)",
                3,
                parameters,
                logLikelihood,
                logLikelihood,
                LocalDateTime.of(2025, 1, 1, 0, 0),
                LocalDateTime.of(2026, 3, 29, 2, 30),
                365,
                members,
                logLikelihood == null ? "too \"short\"\n" : null,
                "Füllt € \u2028 Zeilen.");
    }

    private static Map<String, Double> awkward() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("z", 0.1 + 0.2);
        parameters.put("a \"quoted\"", -Double.MIN_VALUE);
        parameters.put("", Double.MAX_VALUE);
        parameters.put("ar.L1", -0.0);
        return parameters;
    }

    @Test
    void whatIsWrittenIsReadBackDigitByDigit() {
        FittedModel member = model(awkward(), -123.456789012345678, List.of());
        FittedModel whole = model(Map.of(), null, List.of(member, model(Map.of("b", 1e-300), 1.0, List.of(member))));
        ModelDocument document = new ModelDocument(whole, List.of("sale-1", "sale", "Ostern"));
        assertThat(ModelDocument.read(document.write())).contains(document);
        assertThat(ModelDocument.read(document.write())
                        .orElseThrow()
                        .model()
                        .members()
                        .get(0)
                        .parameters()
                        .keySet())
                .containsExactlyElementsOf(awkward().keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"model\":{}}",
                "{\"model\":7}",
                "{\"model\":{\"id\":\"theta\",\"trainedFrom\":\"yesterday\"}}",
                "{\"model\":{\"id\":\"theta\",\"parameters\":{\"a\":1e999}}}",
                "{\"influences\":[\"a\""
            })
    void whatIsNotAModelIsNone(String text) {
        assertThat(ModelDocument.read(text)).isEmpty();
    }

    @Test
    void fieldsOfALaterVersionAreSkipped() {
        ModelDocument document = new ModelDocument(model(Map.of("a", 1.0), null, List.of()), List.of());
        String later = document.write().replaceFirst("\\{", "{\"later\":{\"x\":[1]},");
        assertThat(ModelDocument.read(later)).contains(document);
    }
}
