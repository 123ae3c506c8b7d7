package io.smartdata.core.forecast;

import io.smartdata.SmartDataException;
import io.smartdata.core.forecast.arima.SarimaOrder;
import io.smartdata.core.forecast.arima.SarimaxEngine;
import io.smartdata.core.forecast.auto.AutoEngine;
import io.smartdata.core.forecast.auto.YearlyEngine;
import io.smartdata.core.forecast.decomposition.MstlEngine;
import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.LogEngine;
import io.smartdata.core.forecast.engine.SeasonalNaiveEngine;
import io.smartdata.core.forecast.smoothing.EtsEngine;
import io.smartdata.core.forecast.smoothing.ThetaEngine;
import io.smartdata.forecast.Forecaster;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The built-in forecasters, by name.
 *
 * @since 0.1.0
 */
public final class Forecasters {
    private static final String ORDERS = "\\((\\d{1,2}),(\\d),(\\d{1,2})\\)";
    private static final Pattern SARIMAX =
            Pattern.compile("sarimax" + ORDERS + "(?:" + ORDERS + "(\\d{1,3}))?(\\+[ct])?");
    private static final String KNOWN =
            "auto, sarimax(p,d,q), sarimax(p,d,q)(P,D,Q)s, ets, ets(A,Ad,M), theta, otm, dotm, seasonal-naive, constant (sarimax may end in +c or +t; the letters of ets are error, trend, season, Z for any; log: in front works on logarithms, mstl: on the series without its seasons)";

    private Forecasters() {}

    /** The names {@link #of} knows, for help texts. */
    public static String known() {
        return KNOWN;
    }

    /**
     * The forecaster of a model spec.
     *
     * <ul>
     *   <li>{@code auto}: chooses by the data and says why
     *   <li>{@code sarimax(1,1,1)} or {@code sarimax(1,1,1)(0,1,1)7}: that seasonal ARIMA model, with the regressors of the
     *       request; {@code +c} adds a constant to the differenced series, {@code +t} a constant and a line
     *   <li>{@code ets}: exponential smoothing, its form chosen by AICc; {@code ets(M,Ad,Z)}: error, trend (N, A, Ad) and
     *       season as given, Z for any
     *   <li>{@code theta}: exponential smoothing with half the trend; {@code otm}, {@code dotm}: the share of the
     *       trend estimated, of a line through all data or through those so far
     *   <li>{@code log:} in front of any of them: the same on the logarithms of positive values
     *   <li>{@code mstl:} in front of any of them: the same on the series without its seasons, however many and long
     *   <li>{@code seasonal-naive}: repeats the last cycle
     *   <li>{@code constant}: repeats the last value or the mean
     * </ul>
     *
     * @param spec upper and lower case and blanks do not matter
     * @throws SmartDataException {@code unknown_model} if there is no such forecaster
     */
    public static Forecaster of(String spec) {
        String name = spec.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
        return ladder(engine(spec, name));
    }

    /** The engine of a fitted model. */
    static Engine engine(String id) {
        return engine(id, id);
    }

    private static Engine engine(String spec, String name) {
        return switch (name) {
            case AutoEngine.ID -> new AutoEngine(Forecasters::engine);
            case "theta" -> new ThetaEngine(ThetaEngine.Kind.THETA);
            case "otm" -> new ThetaEngine(ThetaEngine.Kind.OPTIMISED);
            case "dotm" -> new ThetaEngine(ThetaEngine.Kind.DYNAMIC);
            case SeasonalNaiveEngine.ID -> new SeasonalNaiveEngine();
            case ConstantEngine.ID -> new ConstantEngine();
            default -> other(spec, name);
        };
    }

    private static Engine other(String spec, String name) {
        if (name.startsWith(LogEngine.PREFIX)) {
            return new LogEngine(engine(spec, name.substring(LogEngine.PREFIX.length())));
        }
        if (name.startsWith(YearlyEngine.PREFIX)) {
            return new YearlyEngine(engine(spec, name.substring(YearlyEngine.PREFIX.length())));
        }
        if (name.startsWith(MstlEngine.PREFIX)) {
            return new MstlEngine(engine(spec, name.substring(MstlEngine.PREFIX.length())));
        }
        return EtsEngine.knows(name) ? EtsEngine.of(name) : new SarimaxEngine(order(spec, name));
    }

    /** The engine, below it what always works. */
    private static Forecaster ladder(Engine engine) {
        List<Engine> rungs = new ArrayList<>();
        for (Engine rung : List.of(engine, new SeasonalNaiveEngine(), new ConstantEngine())) {
            if (rungs.isEmpty() || !engine.id().equals(rung.id())) {
                rungs.add(rung);
            }
        }
        return new LadderForecaster(engine.id(), engine.id().equals(ConstantEngine.ID) ? rungs.subList(0, 1) : rungs);
    }

    static SarimaOrder order(String spec, String name) {
        Matcher matcher = SARIMAX.matcher(name);
        if (!matcher.matches()) {
            throw unknown(spec);
        }
        try {
            SarimaOrder order = SarimaOrder.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
            if (matcher.group(4) != null) {
                order = order.seasonal(number(matcher, 4), number(matcher, 5), number(matcher, 6), number(matcher, 7));
            }
            String trend = matcher.group(8);
            return trend == null
                    ? order
                    : order.with(trend.equals("+c") ? SarimaOrder.Trend.CONSTANT : SarimaOrder.Trend.LINEAR);
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "unknown_model",
                    "There is no forecast model '%s': %s; nothing was predicted. Known are: %s."
                            .formatted(spec, e.getMessage(), KNOWN),
                    e);
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static SmartDataException unknown(String spec) {
        return new SmartDataException(
                "unknown_model",
                "There is no forecast model '%s'; nothing was predicted. Known are: %s.".formatted(spec, KNOWN));
    }
}
