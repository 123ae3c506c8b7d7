package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
    /**
     * Key 00..0f, input 00, 01, .. of this length: the vectors of the authors' reference implementation (vectors.h, public
     * domain); length 15 is the worked example in appendix A of the paper.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 310e0edd47db6f72",
        "1, fd67dc93c539f874",
        "2, 5a4fa9d909806c0d",
        "3, 2d7efbd796666785",
        "4, b7877127e09427cf",
        "5, 8da699cd64557618",
        "6, cee3fe586e46c9cb",
        "7, 37d1018bf50002ab",
        "8, 6224939a79f5f593",
        "15, e545be4961ca29a1"
    })
    void referenceVectorsAreMet(int length, String expected) {
        byte[] input = new byte[length];
        for (int i = 0; i < length; i++) {
            input[i] = (byte) i;
        }
        long hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).hash(input);
        assertThat(HexFormat.of()
                        .formatHex(ByteBuffer.allocate(8)
                                .putLong(Long.reverseBytes(hash))
                                .array()))
                .isEqualTo(expected);
    }
}
