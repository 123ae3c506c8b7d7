package io.smartdata.core.emit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/** A server that answers as told, one answer for each request, and from then on takes everything. Notes what it was sent. */
final class ScriptedTransport implements EventTransport {
    private final Deque<IntFunction<Delivery>> script = new ArrayDeque<>();
    private final List<List<String>> requests = new ArrayList<>();
    private boolean closed;

    /** The next requests are answered like this; the function is given the size of the batch. */
    synchronized ScriptedTransport then(IntFunction<Delivery> answer) {
        script.add(answer);
        return this;
    }

    ScriptedTransport then(Delivery answer) {
        return then(size -> answer);
    }

    static Delivery.Deferred unavailable() {
        return new Delivery.Deferred("store_unavailable", "", null);
    }

    @Override
    public synchronized Delivery send(List<byte[]> events) {
        requests.add(events.stream().map(json -> new String(json, UTF_8)).toList());
        IntFunction<Delivery> answer = script.poll();
        return answer == null ? new Delivery.Answered(events.size(), 0, List.of()) : answer.apply(events.size());
    }

    /** Batches so far, in order. */
    synchronized List<List<String>> requests() {
        return List.copyOf(requests);
    }

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
