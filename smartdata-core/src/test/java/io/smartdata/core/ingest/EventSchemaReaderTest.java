package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.smartdata.SmartDataException;
import io.smartdata.schema.EventSchema;
import io.smartdata.schema.FieldRule;
import io.smartdata.schema.SchemaMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSchemaReaderTest {
    @Test
    void yamlJsonAndJavaMeanTheSame(@TempDir Path folder) throws IOException {
        Path yaml = Files.writeString(folder.resolve("schemas.yml"), """
                schemas:
                  - event: order_placed
                    version: "2"
                    mode: warn
                    closed: true
                    subject: {required: true, maxLength: 36}
                    value: {required: true, min: 0.01}
                    properties:
                      country: {required: true, oneOf: [DE, FR]}
                      gift: {type: boolean}
                      items: {type: integer, min: 1, max: 100}
                      size: {type: number, oneOf: [1, 2.5]}
                  - event: page_viewed
                """);
        EventSchema order = EventSchema.of("order_placed")
                .version("2")
                .required(
                        FieldRule.subject().maxLength(36),
                        FieldRule.value().atLeast(new BigDecimal("0.01")),
                        FieldRule.text("country").oneOf("DE", "FR"))
                .optional(
                        FieldRule.bool("gift"),
                        FieldRule.number("items").whole().atLeast(1).atMost(100),
                        FieldRule.number("size").oneOf("1", "2.5"))
                .closed()
                .mode(SchemaMode.WARN);
        assertThat(EventSchemaReader.read(yaml).declared()).containsExactly(order, EventSchema.of("page_viewed"));
        assertThat(EventSchemaReader.parse("""
                {"schemas":[{"event":"order_placed","version":"2","mode":"WARN","closed":true,
                 "subject":{"required":true,"maxLength":36},"value":{"required":true,"min":0.01},
                 "properties":{"country":{"required":true,"oneOf":["DE","FR"]},"gift":{"type":"boolean"},
                  "items":{"type":"integer","min":1,"max":100},"size":{"type":"number","oneOf":["1","2.5"]}}},
                 {"event":"page_viewed"}]}
                """).declared()).containsExactly(order, EventSchema.of("page_viewed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | the document is not a map",
                "{\"schemas\":{}} | schemas is not a list",
                "{\"schemas\":[{}]} | schemas[0].event is missing",
                "{\"schemas\":[{\"event\":\"a\",\"event\":\"b\"}]} | line 1, column",
                "{\"schemas\":[{\"event\":\"a*\"}]} | wrong at schemas[0]: A schema is for events of one exact name",
                "{\"schemas\":[{\"event\":\"a\"},{\"event\":\"a\"}]} | wrong at schemas: Two schemas are for a",
                "{\"schemas\":[{\"event\":\"a\",\"country\":{}}]} | schemas[0] has no field country",
                "{\"schemas\":[{\"event\":\"a\",\"closed\":1}]} | schemas[0].closed is neither true nor false",
                "{\"schemas\":[{\"event\":\"a\",\"properties\":{\"p\":{\"typ\":\"text\"}}}]} | schemas[0].properties.p has no field typ",
                "{\"schemas\":[{\"event\":\"a\",\"properties\":{\"p\":{\"type\":\"date\"}}}]} | properties.p.type is none of text, number",
                "{\"schemas\":[{\"event\":\"a\",\"properties\":{\"p\":{\"min\":1}}}]} | wrong at schemas[0].properties.p: properties.p is a text; only a number",
                "{\"schemas\":[{\"event\":\"a\",\"properties\":{\"p\":{\"min\":\"1\"}}}]} | properties.p.min is not a number",
                "{\"schemas\":[{\"event\":\"a\",\"properties\":{\"p\":{\"maxLength\":1.5}}}]} | must be a whole number",
                "{\"schemas\":[{\"event\":\"a\",\"value\":{\"type\":\"text\"}}]} | value is always a number"
            })
    void aWrongFileNamesThePlace(String json, String message) {
        assertThatThrownBy(() -> EventSchemaReader.parse(json))
                .hasMessageContaining(message)
                .asInstanceOf(throwable(SmartDataException.class))
                .extracting(SmartDataException::code)
                .isEqualTo("invalid_schemas");
    }

    @Test
    void aMissingFileSaysSo(@TempDir Path folder) {
        assertThatThrownBy(() -> EventSchemaReader.read(folder.resolve("none.json")))
                .asInstanceOf(throwable(SmartDataException.class))
                .extracting(SmartDataException::code)
                .isEqualTo("schemas_unreadable");
    }
}
