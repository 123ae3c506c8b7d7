package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The detector that needs Smile, with and without it. */
class OptionalSmileTest {
    @Test
    void withSmileTheDetectorIsThereByName() {
        assertThat(Detectors.names()).contains("nearest-neighbour");
        assertThat(Detectors.of("nearest-neighbour(threshold=4)").id()).isEqualTo("nearest-neighbour");
    }

    @Test
    void withoutSmileAllOthersAreThere() throws Exception {
        try (URLClassLoader bare = withoutSmile()) {
            Class<?> detectors = bare.loadClass(Detectors.class.getName());
            assertThat(String.valueOf(detectors.getMethod("names").invoke(null)))
                    .contains("auto", "isolation-forest")
                    .doesNotContain("nearest-neighbour");
            Method of = detectors.getMethod("of", String.class);
            for (String name : Detectors.names()) {
                if (!name.equals("nearest-neighbour")) {
                    assertThat(of.invoke(null, name)).isNotNull();
                }
            }
            assertThatThrownBy(() -> of.invoke(null, "nearest-neighbour"))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageContaining("com.github.haifengl:smile-core:1.5.3");
        }
    }

    private static URLClassLoader withoutSmile() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!Path.of(entry).getFileName().toString().startsWith("smile-")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
