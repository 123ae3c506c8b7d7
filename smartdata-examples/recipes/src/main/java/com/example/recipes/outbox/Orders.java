package com.example.recipes.outbox;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.spring.TransactionalIngest;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The order and the event about it are there both or neither, without a second table that something has to empty. */
@Service
class Orders {
    private final JdbcClient jdbc;
    private final SmartData smartData;
    private final TransactionalIngest ingest;

    Orders(JdbcClient jdbc, SmartData smartData, TransactionalIngest ingest) {
        this.jdbc = jdbc;
        this.smartData = smartData;
        this.ingest = ingest;
    }

    @Transactional
    public void place(OrgId org, String number, BigDecimal total, Instant time) {
        jdbc.sql("INSERT INTO shop_order (org, number, total) VALUES (:org, :number, :total)")
                .param("org", org.value())
                .param("number", number)
                .param("total", total.toPlainString())
                .update();
        OrgScope scope = smartData.access().scope(Caller.of("shop"), org, Permission.INGEST);
        ingest.of(scope)
                .events(List.of(Event.named("order_placed", time)
                        .id(number)
                        .value(total)
                        .build()));
    }
}
