package io.smartdata.spring;

import io.smartdata.core.SmartData;

/**
 * Has the last word on how {@link SmartData} is built, for what has neither a property nor a bean. Beans of this type are
 * called in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SmartDataCustomizer {
    /** Changes what is set already. */
    void customize(SmartData.Builder builder);
}
