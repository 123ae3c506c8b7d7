package io.smartdata.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventSchemaTest {
    @Test
    void anEventFollowsTheSchemaOfItsVersionAndElseOfItsName() {
        EventSchema any = EventSchema.of("order_placed").required(FieldRule.text("country"));
        EventSchema second = EventSchema.of("order_placed").version("2").closed();
        EventSchemas schemas = EventSchemas.of(any, second);
        assertThat(schemas.find("order_placed", "2")).containsSame(second);
        assertThat(schemas.find("order_placed", "3")).containsSame(any);
        assertThat(schemas.find("order_placed", null)).containsSame(any);
        assertThat(schemas.find("Order_placed", null)).isEmpty();
        assertThat(EventSchemas.of(second).find("order_placed", null)).isEmpty();
        assertThat(EventSchemas.none().find("order_placed", null)).isEmpty();
    }

    @Test
    void aRuleAllowsWhatItSays() {
        FieldRule amount = FieldRule.number("amount").atLeast(0).atMost(new BigDecimal("9.5"));
        assertThat(List.of("0", "9.50", "-0.1", "9.51"))
                .extracting(number -> amount.allows(new BigDecimal(number)))
                .containsExactly(true, true, false, false);
        FieldRule seats = FieldRule.value().whole().oneOf("1", "20");
        assertThat(List.of("1.0", "2e1", "2", "1.5"))
                .extracting(number -> seats.allows(new BigDecimal(number)))
                .containsExactly(true, true, false, false);
        FieldRule country = FieldRule.text("country").maxLength(2).oneOf("DE", "F");
        assertThat(List.of("DE", "F", "de", "FR", "DEU", ""))
                .extracting(country::allows)
                .containsExactly(true, true, false, false, false, false);
    }

    @ParameterizedTest
    @MethodSource
    void aWrongDeclarationFailsAtOnce(Supplier<Object> declaration, String message) {
        assertThatIllegalArgumentException().isThrownBy(declaration::get).withMessageContaining(message);
    }

    static Stream<Arguments> aWrongDeclarationFailsAtOnce() {
        return Stream.of(
                wrong(() -> EventSchema.of(" "), "one exact name"),
                wrong(() -> EventSchema.of("order_*"), "without *"),
                wrong(() -> EventSchema.of("x").version(" "), "blank version"),
                wrong(
                        () -> EventSchema.of("x").required(FieldRule.text("a")).optional(FieldRule.number("a")),
                        "two rules for properties.a"),
                wrong(() -> EventSchemas.of(EventSchema.of("x"), EventSchema.of("x")), "Two schemas are for x"),
                wrong(
                        () -> EventSchemas.of(
                                EventSchema.of("x").version("1"),
                                EventSchema.of("x").version("1")),
                        "x, version 1"),
                wrong(() -> FieldRule.text(""), "properties.NAME"),
                wrong(() -> FieldRule.text("a\ud800"), "surrogate"),
                wrong(() -> FieldRule.text("a").atLeast(1), "only a number has a range"),
                wrong(() -> FieldRule.text("a").whole(), "only a number can be whole"),
                wrong(() -> FieldRule.number("a").atLeast(2).atMost(1), "at least 2 and at most 1"),
                wrong(() -> FieldRule.number("a").maxLength(3), "only a text has a length"),
                wrong(() -> FieldRule.text("a").maxLength(0), "at least 1"),
                wrong(() -> FieldRule.bool("a").oneOf("true"), "only texts and numbers"),
                wrong(() -> FieldRule.text("a").oneOf("x", "x"), "twice"),
                wrong(() -> FieldRule.text("a").maxLength(1).oneOf("xy"), "forbids"),
                wrong(() -> FieldRule.number("a").oneOf("x"), "is a number but lists x"),
                wrong(() -> FieldRule.number("a").atMost(5).oneOf("6"), "forbids"),
                wrong(() -> FieldRule.value().oneOf("1.5").whole(), "forbids"),
                wrong(
                        () -> new FieldRule("subject", FieldType.NUMBER, null, null, Integer.MAX_VALUE, List.of()),
                        "always a text"),
                wrong(
                        () -> new FieldRule("id", FieldType.TEXT, null, null, Integer.MAX_VALUE, List.of()),
                        "not about \"id\""));
    }

    private static Arguments wrong(Supplier<Object> declaration, String message) {
        return arguments(declaration, message);
    }
}
