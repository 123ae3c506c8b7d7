package io.smartdata.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/** Options of the form {@code --name value}, and {@code --json}; what is not given has its default. */
public final class Options {
    private final Map<String, String> values;
    private final boolean json;

    private Options(Map<String, String> values, boolean json) {
        this.values = values;
        this.json = json;
    }

    /**
     * @param defaults every option there is; an empty default has to be given
     * @throws IllegalArgumentException for an unknown or missing one
     */
    public static Options parse(String[] args, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        boolean json = false;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--json")) {
                json = true;
            } else if (values.containsKey(args[i]) && i + 1 < args.length) {
                values.put(args[i], args[++i]);
            } else {
                throw new IllegalArgumentException(
                        "Unknown or incomplete: " + args[i] + "; options are " + defaults + " and --json");
            }
        }
        if (values.containsValue("")) {
            throw new IllegalArgumentException("Missing value; options are " + defaults + " and --json");
        }
        return new Options(values, json);
    }

    /** True if {@code --json} was given. */
    public boolean json() {
        return json;
    }

    /** The text of an option, its default unless it was given. */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is no option " + name);
        }
        return value;
    }

    /** The number of an option. */
    public int integer(String name) {
        return Integer.parseInt(text(name));
    }
}
