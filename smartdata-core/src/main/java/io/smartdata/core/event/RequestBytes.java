package io.smartdata.core.event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request as bytes, those of no other request: every part with its length, and what is missing different from all. */
final class RequestBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    RequestBytes(String kind) {
        text(kind);
    }

    RequestBytes text(@Nullable String text) {
        if (text == null) {
            return number(-1);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    RequestBytes time(@Nullable Instant time) {
        return text(time == null ? null : time.toString());
    }

    RequestBytes number(long number) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    byte[] bytes() {
        return number(bytes.size()).bytes.toByteArray();
    }
}
