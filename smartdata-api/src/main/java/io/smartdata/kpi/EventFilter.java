package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which events a KPI is made of: all conditions must hold.
 *
 * @param names event names, of which one must match; {@code *} stands for any characters; sorted, without repetitions
 * @param source only events of this source, or null for all
 * @param properties for each property the texts it may have; a number is compared by its digits, a boolean as
 *     {@code true} or {@code false}; sorted, without repetitions
 * @since 0.1.0
 */
public record EventFilter(List<String> names, @Nullable String source, SortedMap<String, List<String>> properties) {
    private static final EventFilter NONE = new EventFilter(List.of(), null, Collections.emptySortedMap());

    public EventFilter {
        names = List.copyOf(new TreeSet<>(names));
        TreeMap<String, List<String>> copy = new TreeMap<>();
        properties.forEach((property, values) -> copy.put(property, List.copyOf(new TreeSet<>(values))));
        properties = Collections.unmodifiableSortedMap(copy);
        if (names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("An event name is blank; name the event, or use * for every event");
        }
        if (properties.values().stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException(
                    "A property filter lists no value; give the values to keep or leave it out");
        }
    }

    /** Names no event yet. */
    static EventFilter none() {
        return NONE;
    }

    EventFilter withNames(Collection<String> more) {
        List<String> all = new ArrayList<>(names);
        all.addAll(more);
        return new EventFilter(all, source, properties);
    }

    EventFilter withSource(@Nullable String newSource) {
        return new EventFilter(names, newSource, properties);
    }

    EventFilter withProperty(String property, Collection<String> values) {
        TreeMap<String, List<String>> all = new TreeMap<>(properties);
        all.put(requireNonNull(property, "property"), List.copyOf(values));
        return new EventFilter(names, source, all);
    }

    /** The same conditions on events of these names. */
    public EventFilter named(Collection<String> newNames) {
        return new EventFilter(List.copyOf(newNames), source, properties);
    }

    /** True if {@code name} matches one of {@link #names()}; other conditions are not looked at. */
    public boolean selects(String name) {
        return names.stream().anyMatch(pattern -> matches(pattern, name));
    }

    /** Glob with {@code *} only, in linear space and at worst quadratic time; never a regular expression. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
