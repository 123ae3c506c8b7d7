package io.smartdata.spring.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of PromQL names.
 *
 * @param selectors by metric, the labels it is chosen by, each with its value, or with nothing where that is a pattern
 * @param groupings labels of {@code by (...)}
 */
record Expression(Map<String, Map<String, String>> selectors, Set<String> groupings) {
    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"]*\"|\\[[^]]*]|[a-zA-Z_:][\\w:]*|[0-9.]+|=~|!~|!=|>=|<=|==|[-+*/<>=(){},]");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Set<String> OTHER_LISTS = Set.of("without", "on", "ignoring", "group_left", "group_right");

    static Expression parse(String text) {
        return new Parser(text).expression();
    }

    Set<String> metrics() {
        return selectors.keySet();
    }

    private static final class Parser {
        private final List<String> tokens = new ArrayList<>();
        private final Map<String, Map<String, String>> selectors = new LinkedHashMap<>();
        private final Set<String> groupings = new LinkedHashSet<>();
        private int next;

        Parser(String text) {
            Matcher matcher = TOKEN.matcher(text);
            int end = 0;
            while (matcher.find()) {
                if (!text.substring(end, matcher.start()).isBlank()) {
                    throw new IllegalArgumentException("Not understood at %d: %s".formatted(end, text));
                }
                tokens.add(matcher.group());
                end = matcher.end();
            }
        }

        Expression expression() {
            while (next < tokens.size()) {
                String token = tokens.get(next++);
                if (token.equals("by")) {
                    groupings.addAll(list());
                } else if (OTHER_LISTS.contains(token)) {
                    list();
                } else if (Character.isLetter(token.charAt(0)) && !OPERATORS.contains(token) && !isFunction()) {
                    selectors
                            .computeIfAbsent(token, metric -> new LinkedHashMap<>())
                            .putAll(peek().equals("{") ? labels() : Map.of());
                }
            }
            return new Expression(selectors, groupings);
        }

        private boolean isFunction() {
            return peek().equals("(") || peek().equals("by") || peek().equals("without");
        }

        private String peek() {
            return next < tokens.size() ? tokens.get(next) : "";
        }

        private List<String> list() {
            List<String> names = new ArrayList<>();
            for (next++; !peek().equals(")"); next++) {
                if (!peek().equals(",")) {
                    names.add(peek());
                }
            }
            next++;
            return names;
        }

        private Map<String, String> labels() {
            Map<String, String> labels = new LinkedHashMap<>();
            for (next++; !peek().equals("}"); next++) {
                if (peek().equals(",")) {
                    continue;
                }
                String name = tokens.get(next++);
                boolean exactly = tokens.get(next++).equals("=");
                labels.put(name, exactly ? peek().substring(1, peek().length() - 1) : "");
            }
            next++;
            return labels;
        }
    }
}
