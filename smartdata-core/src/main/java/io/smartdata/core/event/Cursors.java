package io.smartdata.core.event;

import io.smartdata.SmartDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Places as text that nobody but us can make, sealed under the org's key together with the request they belong to: one of
 * another org, of another filter or made up is none.
 */
final class Cursors {
    private static final String PURPOSE = "smartdata.cursor.1";
    private static final int SEAL_BYTES = 16;
    /** Room for the longest source there is, and its id. */
    private static final int MAX_TEXT = 2_000;

    private final Mac mac;
    private final byte[] request;

    /**
     * @param hashKey the org's secret
     * @param request what was asked for, but for the place
     */
    Cursors(byte[] hashKey, RequestBytes request) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hashKey, "HmacSHA256"));
            byte[] key = mac.doFinal(PURPOSE.getBytes(StandardCharsets.US_ASCII));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
        this.request = request.bytes();
    }

    String seal(byte[] place) {
        byte[] sealed = ByteBuffer.allocate(SEAL_BYTES + place.length)
                .put(sealOf(place))
                .put(place)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    private byte[] sealOf(byte[] place) {
        mac.update(request);
        return Arrays.copyOf(mac.doFinal(place), SEAL_BYTES);
    }

    /**
     * The place in a cursor, or null if there is no cursor.
     *
     * @throws SmartDataException {@code invalid_request} if it was not made here for the same request
     */
    @Nullable
    ByteBuffer open(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        byte[] sealed = decoded(cursor);
        if (sealed.length <= SEAL_BYTES) {
            throw invalid();
        }
        byte[] place = Arrays.copyOfRange(sealed, SEAL_BYTES, sealed.length);
        if (!MessageDigest.isEqual(sealOf(place), Arrays.copyOf(sealed, SEAL_BYTES))) {
            throw invalid();
        }
        return ByteBuffer.wrap(place);
    }

    private static byte[] decoded(String cursor) {
        if (cursor.length() > MAX_TEXT) {
            throw invalid();
        }
        try {
            return Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException noBase64) {
            throw invalid();
        }
    }

    private static SmartDataException invalid() {
        return new SmartDataException(
                "invalid_request",
                "The cursor does not belong to this request. Nothing was read. Send the same request without it, and go on with the cursors of its answers.");
    }
}
