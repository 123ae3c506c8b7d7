package io.smartdata.spring.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** What the host itself keeps. */
@Entity
class Purchase {
    @Id
    private String id = "";

    protected Purchase() {}

    Purchase(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }
}
