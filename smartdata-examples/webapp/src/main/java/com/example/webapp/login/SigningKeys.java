package com.example.webapp.login;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/**
 * The keys that access tokens are signed with (ECDSA, P-256), in a file that only its owner may read. The first start makes it.
 * The newest key signs; an older one is believed until the last token it can have signed has ended. A file that another process
 * changed is read again.
 *
 * @since 0.1.0
 */
public class SigningKeys implements JWKSource<SecurityContext> {
    /** How far clocks of nodes may be apart. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private final Path file;
    private final Duration believedAfter;
    private final Clock clock;
    private volatile Known known;

    /** What the file held when it was last changed; the newest key first. */
    private record Known(FileTime changed, List<JWK> keys) {}

    /** @param believedAfter how long a key is believed after it was replaced */
    SigningKeys(Path file, Duration believedAfter, Clock clock) {
        this.file = requireNonNull(file, "file");
        this.believedAfter = requireNonNull(believedAfter, "believedAfter");
        this.clock = requireNonNull(clock, "clock");
        this.known = locked(() -> Files.exists(file) ? read() : write(List.of(newKey())));
    }

    /**
     * Makes a new key.
     *
     * @return its id
     * @throws UncheckedIOException if the file cannot be written; the old key then goes on
     */
    public String rotate() {
        known = locked(() -> {
            List<JWK> keys = new ArrayList<>();
            keys.add(newKey());
            for (JWK old : read().keys()) {
                keys.add(old.getExpirationTime() == null ? ending(old) : old);
            }
            keys.removeIf(this::over);
            return write(keys);
        });
        return newest();
    }

    private JWK ending(JWK key) {
        return new ECKey.Builder(key.toECKey())
                .expirationTime(Date.from(clock.instant().plus(believedAfter)))
                .build();
    }

    private boolean over(JWK key) {
        return key.getExpirationTime() != null
                && !key.getExpirationTime().toInstant().isAfter(clock.instant());
    }

    /** Id of the key that signs. */
    String newest() {
        return current().get(0).getKeyID();
    }

    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) {
        return selector.select(
                new JWKSet(current().stream().filter(key -> !over(key)).toList()));
    }

    private List<JWK> current() {
        try {
            Known before = known;
            if (!Files.getLastModifiedTime(file).equals(before.changed())) {
                known = read();
            }
            return known.keys();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Known read() throws IOException {
        OwnerOnly.require(file);
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            return new Known(changed, JWKSet.parse(Files.readString(file)).getKeys());
        } catch (ParseException e) {
            throw new IOException(
                    "%s holds no keys. Restore it, or remove it: then all access tokens end and new keys are made."
                            .formatted(file),
                    e);
        }
    }

    /** Readers see the old file or the new one, never half of it. */
    private Known write(List<JWK> keys) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        OwnerOnly.createFile(next);
        Files.writeString(next, new JWKSet(keys).toString(false));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return read();
    }

    private JWK newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyID(UUID.randomUUID().toString())
                    .issueTime(Date.from(clock.instant()))
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform has P-256", e);
        }
    }

    /** Something that touches the file. */
    private interface Step {
        Known run() throws IOException;
    }

    /** One process at a time: two that start together must not make a key each. */
    private Known locked(Step step) {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            return step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
