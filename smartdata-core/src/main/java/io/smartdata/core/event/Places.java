package io.smartdata.core.event;

import io.smartdata.event.EventId;
import io.smartdata.storage.ArrivalPosition;
import io.smartdata.storage.EventPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Places as the bytes of a cursor. What is read here was sealed by us, so it is whole. */
final class Places {
    private static final int ID_BYTES = 16;

    private Places() {}

    static byte[] bytes(EventPosition place) {
        byte[] source = place.source().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + ID_BYTES + source.length)
                .putLong(place.day().toEpochDay())
                .put(place.id().key())
                .put(source)
                .array();
    }

    static @Nullable EventPosition event(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        LocalDate day = LocalDate.ofEpochDay(bytes.getLong());
        byte[] id = new byte[ID_BYTES];
        bytes.get(id);
        return new EventPosition(day, StandardCharsets.UTF_8.decode(bytes).toString(), EventId.ofKey(id, null));
    }

    static byte[] bytes(ArrivalPosition place) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(place.piece())
                .putInt(place.read())
                .array();
    }

    static ArrivalPosition arrival(@Nullable ByteBuffer bytes) {
        return bytes == null ? ArrivalPosition.START : new ArrivalPosition(bytes.getLong(), bytes.getInt());
    }
}
