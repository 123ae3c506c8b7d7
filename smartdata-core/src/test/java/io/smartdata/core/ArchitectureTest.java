package io.smartdata.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.smartdata");

    @Test
    void packagesHaveNoCircles() {
        slices().matching("io.smartdata.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void jdbcStaysOutOfCoreAndApi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(CLASSES);
    }

    @Test
    void micrometerStaysInObserve() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.smartdata.core.observe..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(CLASSES);
    }

    @Test
    void jacksonStaysInReadersAndWriters() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.smartdata.core.definition..",
                        "io.smartdata.core.emit..",
                        "io.smartdata.core.ingest..",
                        "io.smartdata.core.kpi..",
                        "io.smartdata.core.export..",
                        "io.smartdata.core.forecast.document..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(CLASSES);
    }

    @Test
    void theApiNeedsNothingButAnnotations() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.smartdata.core..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.smartdata..", "java..", "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void onlyAccessRequestsScopes() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.smartdata.core.access..", "io.smartdata.tenancy..")
                .should()
                .callMethod(
                        OrgScope.class,
                        "request",
                        AccessPolicy.class,
                        Caller.class,
                        OrgId.class,
                        Permission.class,
                        Permission[].class)
                .check(CLASSES);
    }
}
