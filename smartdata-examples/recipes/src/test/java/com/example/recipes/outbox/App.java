package com.example.recipes.outbox;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application with this recipe in it. */
@SpringBootApplication
class App {}
