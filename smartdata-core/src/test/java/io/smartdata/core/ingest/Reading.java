package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import io.smartdata.core.HostileFiles;
import io.smartdata.event.Event;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All that came of reading one input: its rows, or rows up to the failure of the whole. */
record Reading(
        List<ReadEvent> rows,
        List<String> contexts,
        @Nullable SmartDataException failure,
        Map<String, String> detected,
        @Nullable Identity identity) {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final OrgSettings ORG = new OrgSettings(
            OrgId.of("org-a"),
            ZoneId.of("Europe/Berlin"),
            1,
            Instant.EPOCH,
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    static final UUID RECEIPT = new UUID(1, 2);
    static final ReadOptions OPTIONS = ReadOptions.defaults("shop");

    static Reading of(String text) {
        return of(text, OPTIONS);
    }

    static Reading of(String text, ReadOptions options) {
        return of(text.getBytes(StandardCharsets.UTF_8), options);
    }

    static Reading of(byte[] bytes, ReadOptions options) {
        return of(() -> new ByteArrayInputStream(bytes), options);
    }

    static Reading of(Input input, ReadOptions options) {
        List<ReadEvent> rows = new ArrayList<>();
        List<String> contexts = new ArrayList<>();
        try (EventReader reader = EventReader.open(input, options, ORG, NOW, RECEIPT)) {
            try {
                ReadEvent row;
                while ((row = reader.next()) != null) {
                    rows.add(row);
                    contexts.add(row instanceof ReadEvent.Invalid invalid ? invalid.context() : reader.context(1));
                }
                return new Reading(rows, contexts, null, reader.detected(), reader.identity());
            } catch (SmartDataException e) {
                return new Reading(rows, contexts, e, reader.detected(), reader.identity());
            }
        } catch (SmartDataException e) {
            return new Reading(rows, contexts, e, Map.of(), null);
        }
    }

    List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (ReadEvent row : rows) {
            if (row instanceof ReadEvent.Valid valid) {
                events.add(valid.candidate().event());
            }
        }
        return events;
    }

    /** Code of the rejection per rejected row, as {@code 3 invalid_time}. */
    List<String> rejections() {
        List<String> rejections = new ArrayList<>();
        for (ReadEvent row : rows) {
            if (row instanceof ReadEvent.Invalid invalid) {
                rejections.add(row.row() + " " + invalid.rejection().code().code());
            }
        }
        return rejections;
    }

    /** Code of the failure of the whole, or null. */
    @Nullable
    String code() {
        return failure == null ? null : failure.code();
    }

    /** True if all of it may be stored. */
    boolean clean() {
        return failure == null && rejections().isEmpty();
    }

    Event only() {
        if (!clean() || rows.size() != 1) {
            throw new AssertionError("Expected one good row, was " + this);
        }
        return events().get(0);
    }

    @Override
    public String toString() {
        return "%d good, rejected %s, failure %s"
                .formatted(
                        events().size(),
                        rejections(),
                        failure == null ? null : failure.code() + ": " + failure.getMessage());
    }

    static byte[] resource(String name) {
        return HostileFiles.file(name);
    }

    static List<String> lines(String name) {
        return HostileFiles.lines(name);
    }

    /** Names of the files right in a folder. */
    static List<String> names(String folder, String suffix) {
        int slash = folder.indexOf('/');
        String within = slash < 0 ? "" : folder.substring(slash + 1) + "/";
        return HostileFiles.of(slash < 0 ? folder : folder.substring(0, slash)).keySet().stream()
                .filter(name -> name.startsWith(within) && name.indexOf('/', within.length()) < 0)
                .map(name -> name.substring(within.length()))
                .filter(name -> name.endsWith(suffix))
                .toList();
    }
}
