package io.smartdata.core.ingest;

import io.smartdata.core.ingest.Transformation.Cast;
import io.smartdata.core.ingest.Transformation.Drop;
import io.smartdata.core.ingest.Transformation.Rename;
import io.smartdata.core.ingest.Transformation.SetField;
import io.smartdata.core.ingest.Transformation.Step;
import io.smartdata.core.ingest.Transformation.Type;
import io.smartdata.event.RejectionCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one payload by the sender's names, in order, each as it was written. */
abstract class PayloadFields {
    /**
     * Bytes and how to read them.
     *
     * @param bytes not to be modified
     */
    record Payload(byte[] bytes, ReadContext context) {
        Charset charset() {
            Charset declared = context.options().charset();
            return declared == null ? StandardCharsets.UTF_8 : declared;
        }

        String text() throws UntransformableException {
            try {
                return charset().newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException e) {
                throw new UntransformableException(
                        RejectionCode.INVALID_ENCODING,
                        null,
                        "The payload is not valid %s, so it cannot be transformed. Give an edited payload."
                                .formatted(charset()),
                        e);
            }
        }

        Payload with(String text, ReadContext newContext) throws UntransformableException {
            try {
                ByteBuffer encoded = charset().newEncoder().encode(CharBuffer.wrap(text));
                byte[] newBytes = new byte[encoded.remaining()];
                encoded.get(newBytes);
                return new Payload(newBytes, newContext);
            } catch (CharacterCodingException e) {
                throw new UntransformableException(
                        RejectionCode.INVALID_ENCODING,
                        null,
                        "The transformation writes characters that %s does not have. Use others, or give an edited payload."
                                .formatted(charset()),
                        e);
            }
        }
    }

    /** Names to values as they stand in the payload. */
    private Map<String, String> fields = new LinkedHashMap<>();

    static PayloadFields of(Payload payload) throws UntransformableException {
        return payload.context().options().format() == Format.CSV ? new CsvFields(payload) : new JsonFields(payload);
    }

    /** The value that is {@code text}. */
    abstract String ofText(String text);

    /** The value that is {@code number}, a number in its JSON form, or {@code true} or {@code false}. */
    abstract String ofScalar(String number);

    /** Text, number or boolean without its quotes; null if the value is none of them. */
    abstract @Nullable String scalar(String value);

    /** True if the field is there without a value. */
    abstract boolean absent(String value);

    abstract Payload payload() throws UntransformableException;

    final Map<String, String> fields() {
        return fields;
    }

    final void add(String name, String value) throws UntransformableException {
        if (fields.put(name, value) != null) {
            throw twice(name);
        }
    }

    final void apply(Step step) throws UntransformableException {
        if (step instanceof Rename rename) {
            rename(rename.from(), rename.to());
        } else if (step instanceof SetField set) {
            fields.put(set.field(), ofText(set.value()));
        } else if (step instanceof Drop drop) {
            fields.remove(drop.field());
        } else if (step instanceof Cast cast) {
            cast(cast.field(), cast.type());
        }
    }

    /** In its place: the order of columns is that of the header. */
    private void rename(String from, String to) throws UntransformableException {
        if (!fields.containsKey(from) || from.equals(to)) {
            return;
        }
        if (fields.containsKey(to)) {
            throw twice(to);
        }
        Map<String, String> renamed = new LinkedHashMap<>();
        fields.forEach((name, value) -> renamed.put(name.equals(from) ? to : name, value));
        fields = renamed;
    }

    private void cast(String field, Type type) throws UntransformableException {
        String value = fields.get(field);
        if (value == null || absent(value)) {
            return;
        }
        String text = scalar(value);
        String converted = text == null ? null : converted(text, type);
        if (converted == null) {
            throw new UntransformableException(
                    RejectionCode.INVALID_VALUE,
                    field,
                    "The value cannot be cast to %s. Leave the letter out by its code or source, or give an edited payload."
                            .formatted(type.code()),
                    null);
        }
        fields.put(field, converted);
    }

    private @Nullable String converted(String text, Type type) {
        return switch (type) {
            case TEXT -> ofText(text);
            case NUMBER -> NumberText.parse(text.strip()) == null ? null : ofScalar(text.strip());
            case BOOLEAN -> {
                String folded = text.strip().toLowerCase(Locale.ROOT);
                yield folded.equals("true") || folded.equals("false") ? ofScalar(folded) : null;
            }
            case EPOCH_SECONDS -> time(text, EpochUnit.SECONDS);
            case EPOCH_MILLIS -> time(text, EpochUnit.MILLIS);
        };
    }

    private @Nullable String time(String text, EpochUnit unit) {
        long micros = TimeText.epochMicros(text.strip(), unit);
        return micros == TimeText.INVALID
                ? null
                : ofText(TimeText.instant(micros).toString());
    }

    static UntransformableException twice(String name) {
        return new UntransformableException(
                RejectionCode.DUPLICATE_FIELD,
                Texts.shown(name, 60),
                "The payload has this field twice, or would have it after the transformation. Drop one first, or give an edited payload.",
                null);
    }
}
