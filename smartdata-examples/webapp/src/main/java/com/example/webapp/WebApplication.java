package com.example.webapp;

import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts the server; with a word before the options, runs that {@linkplain Commands command} instead.
 *
 * @since 0.1.0
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class WebApplication {
    /** @param arguments a command and its words, then options of Spring Boot */
    public static void main(String[] arguments) {
        List<String> words = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("-"))
                .toList();
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Commands.help());
        } else if (words.isEmpty()) {
            SpringApplication.run(WebApplication.class, arguments);
        } else {
            System.exit(Commands.run(words, arguments));
        }
    }
}
