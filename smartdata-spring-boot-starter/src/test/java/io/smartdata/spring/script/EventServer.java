package io.smartdata.spring.script;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.script.Browser.Answer;
import io.smartdata.spring.script.Browser.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers batches as the API does: takes each id once. The next answers can be arranged. */
final class EventServer implements Function<Request, Answer> {
    final List<Request> requests = new ArrayList<>();

    /** Events in the order they were taken. */
    final Map<String, JsonNode> stored = new LinkedHashMap<>();

    private final Deque<Function<Request, Answer>> next = new ArrayDeque<>();

    /** What was taken under this id. */
    JsonNode event(@Nullable String id) {
        return requireNonNull(stored.get(requireNonNull(id, "id")), "No such event");
    }

    /** This answer instead, once; nothing is stored. */
    EventServer then(Answer answer) {
        next.add(request -> answer);
        return this;
    }

    EventServer then(Function<Request, Answer> answering) {
        next.add(answering);
        return this;
    }

    @Override
    public Answer apply(Request request) {
        requests.add(request);
        Function<Request, Answer> arranged = next.poll();
        return arranged == null ? take(request) : arranged.apply(request);
    }

    /** Stores everything, as the server does that works. */
    Answer take(Request request) {
        int accepted = 0;
        int duplicates = 0;
        StringJoiner failed = new StringJoiner(",", "[", "]");
        int index = 0;
        for (JsonNode event : request.events()) {
            JsonNode first = stored.putIfAbsent(event.path("id").asText(), event);
            if (first == null) {
                accepted++;
            } else if (first.equals(event)) {
                duplicates++;
            } else {
                failed.add("{\"index\":%d,\"id\":%s,\"reason\":\"id_conflict\",\"retryable\":false}"
                        .formatted(index, event.path("id")));
            }
            index++;
        }
        return Answer.of(
                200,
                "{\"received\":%d,\"accepted\":%d,\"duplicates\":%d,\"failed\":%s}"
                        .formatted(request.events().size(), accepted, duplicates, failed));
    }
}
