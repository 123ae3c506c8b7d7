package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.event.Properties;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalBytesTest {
    private static final byte[] KEY = Reading.ORG.hashKey();

    private final CanonicalBytes bytes = new CanonicalBytes(KEY);

    private static byte[] mac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    @Test
    void theKeyedHashIsHmacWhateverTheLengthOfKeyAndMessage() throws Exception {
        long seed = 4;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] key = new byte[1 + random.nextInt(150)];
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(key);
            random.nextBytes(message);
            KeyedHash hash = new KeyedHash(key);
            for (int repeat = 0; repeat < 2; repeat++) {
                assertThat(hash.of(message, message.length)).as("seed %d", seed).isEqualTo(mac(key, message));
            }
        }
    }

    @Test
    void anEmptyKeyIsRefused() {
        assertThatThrownBy(() -> new KeyedHash(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "order_placed", "é", "aé", "€uro", "a😀b", "\u0000\u007f\u0080\u07ff\uffff"})
    void textIsUtf8BehindItsLength(String text) throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(expected);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte('T');
        for (int i = 0; i < 200; i++) {
            out.writeByte(1);
            out.writeInt(utf8.length);
            out.write(utf8);
        }
        bytes.start('T');
        for (int i = 0; i < 200; i++) {
            bytes.text(text);
        }
        assertThat(bytes.hmac()).isEqualTo(mac(KEY, expected.toByteArray()));
    }

    @Test
    void propertiesAreTheirTextsInOrder() {
        Map<String, Object> members = Map.of("b", 5, "a", "é\"\\", "d", true, "e", "😀");
        byte[] whole = bytes.start('P').properties(Properties.of(members)).hmac();
        byte[] parts = bytes.start('P')
                .text("a")
                .text("é\\\"\\\\")
                .text("b")
                .text("5")
                .text("d")
                .text("true")
                .text("e")
                .text("😀")
                .text(null)
                .hmac();
        assertThat(whole).isEqualTo(parts);
        assertThat(bytes.start('P').properties(Properties.empty()).hmac())
                .isEqualTo(bytes.start('P').text(null).hmac());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "-0.0",
                "0E+30",
                "1",
                "-1",
                "10",
                "100.00",
                "0.05",
                "-0.050",
                "1E3",
                "1E-18",
                "-1E-18",
                "1E-19",
                "999999999999999999",
                "-999999999999999999",
                "9223372036854775807",
                "-9223372036854775808",
                "0.123456789012345678",
                "12345678901234567.8",
                "1234567890123456789.0",
                "1E400"
            })
    void aDecimalIsItsPlainText(String decimal) {
        assertDecimal(new BigDecimal(decimal), 0);
    }

    @Test
    void randomDecimalsAreTheirPlainText() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            BigInteger unscaled = new BigInteger(1 + random.nextInt(random.nextInt(20) == 0 ? 330 : 63), random);
            BigDecimal value =
                    new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(25) - 3);
            assertDecimal(random.nextInt(4) == 0 ? value.setScale(18, RoundingMode.DOWN) : value, seed);
        }
    }

    private void assertDecimal(BigDecimal value, long seed) {
        assertThat(bytes.start('D').decimal(value).hmac())
                .as("seed %d: %s", seed, value)
                .isEqualTo(bytes.start('D')
                        .text(value.stripTrailingZeros().toPlainString())
                        .hmac());
    }
}
