package io.smartdata.spring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A host in a process of its own: {@code HostMain <folder> <configuration class> <settings...>}; its port is in {@code port}. */
public final class HostMain {
    private HostMain() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        RunningHost host = RunningHost.withoutSecurity(
                folder, Class.forName(arguments[1]), Arrays.copyOfRange(arguments, 2, arguments.length));
        Path written = Files.writeString(
                folder.resolve("port.new"), String.valueOf(host.uri("/").getPort()));
        Files.move(written, folder.resolve("port"));
    }
}
