package io.smartdata.core.export;

import io.smartdata.storage.ExportJob;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** An export on its way: text goes in, and a file with a known length and hash comes out. */
final class ExportFile implements AutoCloseable {
    private final Path file;
    private final MessageDigest digest = Sha256.digest();
    private final Writer writer;

    ExportFile(Path file, boolean gzip) throws IOException {
        this.file = file;
        OutputStream bytes = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), digest);
        this.writer = new BufferedWriter(
                new OutputStreamWriter(gzip ? new GZIPOutputStream(bytes) : bytes, StandardCharsets.UTF_8));
    }

    Writer writer() {
        return writer;
    }

    /** Closes the file and says what is in it. */
    ExportJob.Result finish(long rows) throws IOException {
        writer.close();
        return new ExportJob.Result(rows, Files.size(file), HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
