package io.smartdata.core.forecast.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.smartdata.forecast.FittedModel;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fitted model, members included, and the influences it was learnt with, as one JSON object. What is written is read back
 * digit by digit.
 *
 * @param model the model
 * @param influences names of its regressors, in order; empty if there are none
 */
public record ModelDocument(FittedModel model, List<String> influences) {
    private static final JsonFactory JSON = new JsonFactory();

    public ModelDocument {
        influences = List.copyOf(influences);
    }

    /** As text. */
    public String write() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("influences");
            for (String influence : influences) {
                json.writeString(influence);
            }
            json.writeEndArray();
            json.writeFieldName("model");
            write(model, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory cannot fail", e);
        }
        return text.toString();
    }

    private static void write(FittedModel model, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", model.id());
        json.writeNumberField("version", model.version());
        json.writeObjectFieldStart("parameters");
        for (Map.Entry<String, Double> parameter : model.parameters().entrySet()) {
            json.writeNumberField(parameter.getKey(), parameter.getValue());
        }
        json.writeEndObject();
        if (model.logLikelihood() != null) {
            json.writeNumberField("logLikelihood", model.logLikelihood());
        }
        if (model.aicc() != null) {
            json.writeNumberField("aicc", model.aicc());
        }
        json.writeStringField("trainedFrom", model.trainedFrom().toString());
        json.writeStringField("trainedUntil", model.trainedUntil().toString());
        json.writeNumberField("observations", model.observations());
        if (!model.members().isEmpty()) {
            json.writeArrayFieldStart("members");
            for (FittedModel member : model.members()) {
                write(member, json);
            }
            json.writeEndArray();
        }
        if (model.fallbackReason() != null) {
            json.writeStringField("fallbackReason", model.fallbackReason());
        }
        json.writeStringField("explanation", model.explanation());
        json.writeEndObject();
    }

    /** What {@link #write} wrote; empty if the text is anything else, so that the model is learnt anew. */
    public static Optional<ModelDocument> read(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            Builder builder = new Builder();
            List<String> influences = new ArrayList<>();
            expect(json.nextToken(), JsonToken.START_OBJECT);
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "influences" -> {
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            influences.add(json.getText());
                        }
                    }
                    case "model" -> builder.read(json);
                    default -> json.skipChildren();
                }
            }
            return Optional.of(new ModelDocument(builder.build(), influences));
        } catch (IOException | DateTimeException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static void expect(@Nullable JsonToken token, JsonToken wanted) throws JsonParseException {
        if (token != wanted) {
            throw new JsonParseException(null, "Expected %s, found %s".formatted(wanted, token));
        }
    }

    /** Fields of one model as they come. */
    private static final class Builder {
        private @Nullable String id;
        private int version;
        private final Map<String, Double> parameters = new LinkedHashMap<>();
        private @Nullable Double logLikelihood;
        private @Nullable Double aicc;
        private @Nullable LocalDateTime trainedFrom;
        private @Nullable LocalDateTime trainedUntil;
        private int observations;
        private final List<FittedModel> members = new ArrayList<>();
        private @Nullable String fallbackReason;
        private @Nullable String explanation;

        void read(JsonParser json) throws IOException {
            expect(json.currentToken(), JsonToken.START_OBJECT);
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "id" -> id = json.getText();
                    case "version" -> version = json.getIntValue();
                    case "parameters" -> readParameters(json);
                    case "logLikelihood" -> logLikelihood = json.getDoubleValue();
                    case "aicc" -> aicc = json.getDoubleValue();
                    case "trainedFrom" -> trainedFrom = LocalDateTime.parse(json.getText());
                    case "trainedUntil" -> trainedUntil = LocalDateTime.parse(json.getText());
                    case "observations" -> observations = json.getIntValue();
                    case "members" -> readMembers(json);
                    case "fallbackReason" -> fallbackReason = json.getText();
                    case "explanation" -> explanation = json.getText();
                    default -> json.skipChildren();
                }
            }
        }

        private void readParameters(JsonParser json) throws IOException {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                parameters.put(name, json.getDoubleValue());
            }
        }

        private void readMembers(JsonParser json) throws IOException {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                Builder member = new Builder();
                member.read(json);
                members.add(member.build());
            }
        }

        FittedModel build() throws JsonParseException {
            if (id == null || trainedFrom == null || trainedUntil == null || explanation == null) {
                throw new JsonParseException(null, "A model lacks its id, its range or its explanation");
            }
            return new FittedModel(
                    id,
                    version,
                    parameters,
                    logLikelihood,
                    aicc,
                    trainedFrom,
                    trainedUntil,
                    observations,
                    members,
                    fallbackReason,
                    explanation);
        }
    }
}
