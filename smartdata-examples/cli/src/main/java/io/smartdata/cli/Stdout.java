package io.smartdata.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Standard output that remembers why it could not be written, which a {@link PrintStream} forgets. */
final class Stdout extends FilterOutputStream {
    private boolean failed;

    private Stdout(OutputStream out) {
        super(out);
    }

    /** Replaces {@link System#out}. */
    static Stdout install() {
        Stdout stdout = new Stdout(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(stdout, true, charset()));
        return stdout;
    }

    /** What the terminal reads: the property's name depends on the Java version. */
    static Charset charset() {
        return Charset.forName(System.getProperty(
                "stdout.encoding",
                System.getProperty(
                        "sun.stdout.encoding", Charset.defaultCharset().name())));
    }

    /** True if results were lost; a reader that stopped reading, like {@code head}, has all it wants. */
    boolean failed() {
        System.out.flush();
        return failed;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failed |= !String.valueOf(e.getMessage()).contains("pipe");
            throw e;
        }
    }
}
