package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * Names an org (tenant). Compared code point by code point: nothing is folded, trimmed or matched by pattern.
 *
 * @param value 1 to 128 letters, digits or {@code . _ : @ / + - =}
 * @since 0.1.0
 */
public record OrgId(String value) {
    private static final Pattern VALID = Pattern.compile("[\\p{L}\\p{M}\\p{N}._:@/+=-]{1,128}");

    public OrgId {
        requireNonNull(value, "value");
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "An org id has 1 to 128 letters, digits or . _ : @ / + - = and nothing else");
        }
    }

    /**
     * The org of this name.
     *
     * @throws IllegalArgumentException if {@code value} is not a valid org id
     */
    public static OrgId of(String value) {
        return new OrgId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
