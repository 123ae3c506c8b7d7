package io.smartdata.spring.shape;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** The class path of the tests, or a part of it. */
final class ClassPath {
    private ClassPath() {}

    /** Everything anew, without the jars whose names match. */
    static URLClassLoader without(Pattern jars) throws IOException, ReflectiveOperationException {
        List<URL> kept = new ArrayList<>();
        for (URL entry : entries()) {
            if (!jars.matcher(Path.of(entry.getPath()).getFileName().toString()).find()) {
                kept.add(entry);
            }
        }
        URLClassLoader loader = new URLClassLoader(kept.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        leaveUrlsToTheOther(loader);
        return loader;
    }

    /** A JVM lets only one Tomcat handle URLs. */
    private static void leaveUrlsToTheOther(ClassLoader loader) throws ReflectiveOperationException {
        loader.loadClass("org.apache.catalina.webresources.TomcatURLStreamHandlerFactory")
                .getMethod("disable")
                .invoke(null);
    }

    /** A fork of Surefire has one jar, whose manifest names the others. */
    private static List<URL> entries() throws IOException {
        List<URL> entries = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
            entries.add(url(Path.of(path).toUri()));
            if (path.endsWith(".jar")) {
                try (JarFile jar = new JarFile(path)) {
                    String named = jar.getManifest() == null
                            ? null
                            : jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
                    for (String each :
                            named == null ? new String[0] : named.trim().split("\\s+")) {
                        entries.add(url(Path.of(path).toUri().resolve(each)));
                    }
                }
            }
        }
        return entries;
    }

    private static URL url(URI uri) throws MalformedURLException {
        return uri.toURL();
    }
}
