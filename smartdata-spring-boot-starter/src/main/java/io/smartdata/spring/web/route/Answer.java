package io.smartdata.spring.web.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers when it can.
 *
 * @param status of the answer
 * @param mediaTypes of its body; empty if there is none
 * @param type record that is written as JSON; null if the body is not JSON of ours
 * @param description for people
 * @since 0.1.0
 */
public record Answer(
        int status, List<String> mediaTypes, @Nullable Class<?> type, String description) {
    public Answer {
        mediaTypes = List.copyOf(mediaTypes);
    }
}
