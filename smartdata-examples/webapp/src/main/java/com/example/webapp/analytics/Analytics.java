package com.example.webapp.analytics;

import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is counted. */
@Configuration(proxyBeanMethods = false)
class Analytics {
    @Bean
    KpiCatalog kpis() {
        return KpiCatalog.of(
                Kpi.sum("revenue").event("order_placed").dimension("country"),
                Kpi.sum("rentals").event("bike_rentals"),
                Kpi.sum("passengers").event("passengers").grain(Grain.HOUR));
    }
}
