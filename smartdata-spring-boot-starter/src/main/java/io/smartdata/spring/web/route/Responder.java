package io.smartdata.spring.web.route;

import java.io.IOException;
import org.springframework.web.servlet.function.ServerResponse;

/** Answers a call. */
@FunctionalInterface
interface Responder {
    ServerResponse respond(Call call, Reply reply) throws IOException;
}
