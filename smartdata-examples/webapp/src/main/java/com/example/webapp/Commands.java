package com.example.webapp;

import com.example.webapp.analytics.DemoData;
import com.example.webapp.login.Accounts;
import com.example.webapp.login.Sessions;
import com.example.webapp.login.SigningKeys;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What an administrator does beside the running server, on the same database and keys. */
final class Commands {
    private final BeanFactory beans;

    private Commands(BeanFactory beans) {
        this.beans = beans;
    }

    /** @return the exit code: 0 done, 1 not done, 2 no such command */
    static int run(List<String> words, String... arguments) {
        String[] options = Arrays.stream(arguments)
                .filter(argument -> argument.startsWith("-"))
                .toArray(String[]::new);
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WebApplication.class)
                .web(WebApplicationType.NONE)
                .properties("smartdata.jobs.enabled=false", "logging.level.root=warn", "spring.main.banner-mode=off")
                .run(options)) {
            return new Commands(context).run(words);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    static String help() {
        try (InputStream in = WebApplication.class.getResourceAsStream("/help.txt")) {
            if (in == null) {
                throw new IOException("The jar lacks help.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run(List<String> words) {
        String form = words.get(0) + " " + (words.size() - 1);
        switch (form) {
            case "load-demo 0" -> say(beans.getBean(DemoData.class).load());
            case "rotate-keys 0" ->
                say("New tokens are signed with key %s; the old key ends with its tokens."
                        .formatted(beans.getBean(SigningKeys.class).rotate()));
            case "add-user 3" -> addUser(words.get(1), words.get(2), words.get(3));
            case "reset-password 1" -> resetPassword(words.get(1));
            case "deactivate 1" -> deactivate(words.get(1));
            default -> {
                System.err.print(help());
                return 2;
            }
        }
        return 0;
    }

    private void addUser(String name, String org, String role) {
        String password = Accounts.randomPassword();
        if (!beans.getBean(Accounts.class).add(name, OrgId.of(org).value(), role(role), password)) {
            throw new IllegalArgumentException("There is an account of that name. It was not changed.");
        }
        say("%s  %s".formatted(name, password));
    }

    private static Role role(String word) {
        String name = word.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no role %s. No account was made; --help lists the roles.".formatted(word)));
    }

    private void resetPassword(String name) {
        String password = Accounts.randomPassword();
        beans.getBean(Accounts.class).setPassword(name, password);
        beans.getBean(Sessions.class).closeAllOf(name);
        say("%s  %s".formatted(name, password));
    }

    private void deactivate(String name) {
        beans.getBean(Accounts.class).deactivate(name);
        beans.getBean(Sessions.class).closeAllOf(name);
        say("%s cannot log in or refresh any more; an access token that is out works until it ends.".formatted(name));
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
