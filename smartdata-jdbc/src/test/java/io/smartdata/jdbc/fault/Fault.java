package io.smartdata.jdbc.fault;

import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One failure at the n-th call that reaches the database. */
public final class Fault implements InterceptedDataSource.Interceptor {
    private final int atCall;
    private final Failure failure;
    private final AtomicInteger calls = new AtomicInteger();

    Fault(int atCall, Failure failure) {
        this.atCall = atCall;
        this.failure = failure;
    }

    @Override
    public @Nullable Object around(Connection real, InterceptedDataSource.Call call) throws Throwable {
        return calls.incrementAndGet() == atCall ? failure.strike(real, call) : call.run();
    }

    /** Calls seen. */
    public int calls() {
        return calls.get();
    }

    /** False if there were fewer calls. */
    public boolean struck() {
        return calls.get() >= atCall;
    }

    @Override
    public String toString() {
        return "%s at call %d".formatted(failure, atCall);
    }
}
