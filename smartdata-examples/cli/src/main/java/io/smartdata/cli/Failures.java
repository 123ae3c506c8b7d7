package io.smartdata.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.IngestRefusedException;
import io.smartdata.core.ingest.InvalidInputException;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a message, a JSON object if that was asked for, and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    static final int BAD_INPUT = 1;
    static final int USAGE = 2;
    static final int STORE = 3;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> STORE_CODES =
            Set.of("store_unavailable", "unknown_outcome", "store_failure", "throttled");
    private static final Set<String> USAGE_CODES = Set.of(
            "driver_missing",
            "invalid_jdbc_url",
            "unsupported_database",
            "schema_mismatch",
            "rights_missing",
            "invalid_settings",
            "unknown_model",
            "unknown_detector",
            "invalid_detector_option",
            "invalid_catalog",
            "catalog_unreadable",
            "invalid_schemas",
            "schemas_unreadable",
            "yaml_missing",
            "unreadable_input",
            "unrepeatable_input",
            "unknown_kpi",
            "unknown_dimension",
            "grain_too_fine",
            "unknown_org",
            "unknown_job",
            "unknown_dead_letter",
            "unknown_export",
            "invalid_transformation",
            "usage");

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) throws Exception {
        return report(command, parsed.expandedArgs().contains("--json"), asFailure(exception), List.of());
    }

    /** Wrong usage: one line and where help is, not the whole help. */
    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        if (List.of(arguments).contains("--json")) {
            SmartDataException failure =
                    new SmartDataException("usage", String.valueOf(exception.getMessage()), exception);
            return report(command, true, failure, List.of());
        }
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(exception.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(exception, err);
        err.printf("Try \"%s --help\".%n", command.getCommandSpec().qualifiedName());
        err.flush();
        return USAGE;
    }

    /**
     * Says what went wrong.
     *
     * @param before receipts of inputs that were stored before the failure
     * @return the exit code
     */
    static int report(CommandLine command, boolean json, SmartDataException failure, List<IngestReceipt> before) {
        if (json) {
            command.getOut().println(json(failure, before));
            command.getOut().flush();
        }
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText("smartdata: " + failure.getMessage()));
        if (failure instanceof IngestRefusedException refused) {
            refused.badRows().stream().skip(1).limit(9).forEach(row -> err.println("  " + describe(row)));
            if (refused.badRowCount() > 10) {
                err.println("  and " + (refused.badRowCount() - 10) + " more");
            }
        }
        err.println("  code: " + failure.code());
        err.flush();
        return exitCode(failure);
    }

    static SmartDataException asFailure(Exception exception) throws Exception {
        if (exception instanceof SmartDataException failure) {
            return failure;
        }
        if (exception instanceof UncheckedIOException unchecked) {
            return asFailure(requireNonNull(unchecked.getCause()));
        }
        if (exception instanceof FileSystemException file) {
            String reason = file.getReason() == null ? "does not exist or may not be used" : file.getReason();
            return new SmartDataException("unreadable_input", file.getFile() + ": " + reason + ".", file);
        }
        if (exception instanceof IOException) {
            return new SmartDataException(
                    "io_failure", "Reading or writing failed: " + exception.getMessage(), exception);
        }
        if (exception instanceof IllegalArgumentException) {
            return new SmartDataException("usage", String.valueOf(exception.getMessage()), exception);
        }
        throw exception;
    }

    private static String describe(EventOutcome row) {
        var rejection = row.rejection();
        return rejection == null
                ? "row " + row.row()
                : "row %d%s: %s %s"
                        .formatted(
                                row.row(),
                                rejection.field() == null ? "" : ", field " + rejection.field(),
                                rejection.code().code(),
                                rejection.message());
    }

    private static String json(SmartDataException failure, List<IngestReceipt> before) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode error = root.putObject("error");
        error.put("code", failure.code());
        error.put("message", failure.getMessage());
        if (failure instanceof RetryLaterException later) {
            error.put("retryAfterMillis", later.retryAfter().toMillis());
        }
        if (failure instanceof InvalidInputException invalid) {
            error.put("row", invalid.row());
            error.put("field", invalid.field());
        }
        if (failure instanceof IngestRefusedException refused) {
            EventOutcome first = refused.badRows().get(0);
            error.put("row", first.row());
            error.put(
                    "field",
                    first.rejection() == null ? null : first.rejection().field());
            error.put("badRows", refused.badRowCount());
            error.set("rows", ReceiptJson.outcomes(refused.badRows()));
        }
        if (failure instanceof PartlyStoredException partly) {
            root.set("receipt", tree(partly.receipt()));
        }
        if (!before.isEmpty()) {
            before.forEach(receipt -> root.withArray("receipts").add(tree(receipt)));
        }
        return root.toString();
    }

    static ObjectNode tree(IngestReceipt receipt) {
        try {
            return (ObjectNode) JSON.readTree(ReceiptJson.write(receipt));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A receipt is written as JSON", e);
        }
    }

    private static int exitCode(SmartDataException failure) {
        if (STORE_CODES.contains(failure.code())) {
            return STORE;
        }
        return USAGE_CODES.contains(failure.code()) ? USAGE : BAD_INPUT;
    }
}
