package io.smartdata.spring.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;

/** The expressions in the files of the jar. */
final class Shipped {
    private Shipped() {}

    /** Of every line of every panel. */
    static List<String> panels() throws IOException {
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel :
                new ObjectMapper().readTree(text("grafana-dashboard.json")).path("panels")) {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
        }
        return expressions;
    }

    /** Of every alert. */
    static List<String> rules() throws IOException {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ByteArrayResource(text("prometheus-rules.yml").getBytes(StandardCharsets.UTF_8)));
        return Objects.requireNonNull(yaml.getObject()).entrySet().stream()
                .filter(entry -> entry.getKey().toString().endsWith(".expr"))
                .map(entry -> entry.getValue().toString())
                .toList();
    }

    private static String text(String file) throws IOException {
        try (InputStream in = Shipped.class.getResourceAsStream("/META-INF/smartdata/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
