package io.millrace.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The direction of dependencies, as docs/architecture.md draws it. */
class ArchitectureTest {
    private static final String[] SCHEMAS = {"io.millrace.record..", "io.millrace.wire..", "io.millrace.vector.."};
    private static final String FEATURES = "io.millrace.features..";
    private static final String TRAINER = "io.millrace.trainer..";
    private static final String JOBS = "io.millrace.(*).job..";
    private static final String SERVING = "io.millrace.serving..";
    private static final String INGESTION = "io.millrace.ingestion..";
    private static final String LOCAL = "io.millrace.local..";
    private static final String BROKER = "io.millrace.broker..";

    private static final String FLINK = "org.apache.flink..";
    private static final String KAFKA = "org.apache.kafka..";
    private static final String ND4J = "org.nd4j..";
    private static final String[] HTTP = {"com.linecorp.armeria..", "java.net.http..", "io.netty.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    @Test
    void coresKnowNeitherFlinkNorKafkaNorHttp() {
        check(noClasses()
                .that()
                .resideInAnyPackage(FEATURES, TRAINER)
                .and()
                .resideOutsideOfPackage(JOBS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(concat(HTTP, FLINK, KAFKA, "io.millrace.wire.kafka..")));
    }

    @Test
    void servingKnowsNoFlink() {
        check(noClasses()
                .that()
                .resideInAPackage(SERVING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FLINK, JOBS, INGESTION, LOCAL, BROKER));
    }

    /** Who makes decisions of others' records encodes features as serving does, and nobody else does here. */
    @Test
    void ingestionEncodesFeaturesOnlyWhereItMakesDecisions() {
        check(noClasses()
                .that()
                .resideInAPackage(INGESTION)
                .and()
                .resideOutsideOfPackage("io.millrace.ingestion.source..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.features.encode.."));
    }

    @Test
    void ingestionKnowsNeitherFlinkNorArraysNorOfTheOtherPartsMoreThanTheSpecAndHowToEncode() {
        check(noClasses()
                .that()
                .resideInAPackage(INGESTION)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        FLINK,
                        ND4J,
                        "io.millrace.features.aggregate..",
                        "io.millrace.features.join..",
                        "io.millrace.features.change..",
                        JOBS,
                        TRAINER,
                        SERVING,
                        LOCAL,
                        BROKER));
    }

    @Test
    void whatBecomesOfOthersRecordsKnowsNoKafkaNorHttp() {
        check(noClasses()
                .that()
                .resideInAPackage("io.millrace.ingestion.source..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(concat(
                        HTTP,
                        KAFKA,
                        "io.millrace.wire.kafka..",
                        "io.millrace.ingestion.replay..",
                        "io.millrace.ingestion.collect..")));
    }

    @Test
    void tablesKnowNoKafkaNorHttp() {
        check(noClasses()
                .that()
                .resideInAPackage("io.millrace.ingestion.table..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(concat(
                        HTTP,
                        KAFKA,
                        "org.apache.hadoop..",
                        "io.millrace.wire.kafka..",
                        "io.millrace.ingestion.replay..",
                        "io.millrace.ingestion.collect..")));
    }

    @Test
    void whatTravelsKnowsNobody() {
        check(noClasses()
                .that()
                .resideInAnyPackage(SCHEMAS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(concat(HTTP, FLINK, ND4J, FEATURES, TRAINER, SERVING, INGESTION, LOCAL, BROKER)));
    }

    @Test
    void featuresDoNotKnowWhoLearns() {
        check(noClasses()
                .that()
                .resideInAPackage(FEATURES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(TRAINER, SERVING, INGESTION, LOCAL, BROKER, ND4J));
    }

    @Test
    void learnersDoNotKnowWhoServes() {
        check(noClasses()
                .that()
                .resideInAPackage(TRAINER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVING, INGESTION, LOCAL, BROKER, "io.millrace.features.job.."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.millrace.(**)").should().beFreeOfCycles());
    }

    @Test
    void onlyTestsUseTheFixtures() {
        check(classes()
                .that(Predicates.resideOutsideOfPackage("io.millrace.testkit.."))
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("io.millrace.testkit.."));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static String[] concat(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
