package com.example.webapp.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Makes the folder of keys and database before anything opens a file in it. */
@Component
class DataFolder implements BeanFactoryPostProcessor, EnvironmentAware {
    private Path folder = Path.of("");

    @Override
    public void setEnvironment(Environment environment) {
        folder = Path.of(environment.getRequiredProperty("webapp.folder"));
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        try {
            OwnerOnly.createFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("webapp.folder cannot be made. Nothing was started.", e);
        }
    }
}
