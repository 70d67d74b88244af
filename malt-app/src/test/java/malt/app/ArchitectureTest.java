package malt.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md, checked on the compiled classes. */
class ArchitectureTest {
  /** In the order of data flow: each may use only those before it. */
  private static final List<String> CORE =
      List.of(
          "malt.problem",
          "malt.model",
          "malt.agent",
          "malt.tree",
          "malt.credit",
          "malt.data",
          "malt.training",
          "malt.evaluation",
          "malt.experiment");

  private static final List<String> TORCH =
      List.of(
          "malt.torch.tensor",
          "malt.torch.gguf",
          "malt.torch.weights",
          "malt.torch.adapter",
          "malt.torch.nn",
          "malt.torch.text",
          "malt.torch.decoding",
          "malt.torch.generation",
          "malt.torch.training",
          "malt.torch.process",
          "malt.torch.local");

  private static final List<String> APP =
      List.of(
          "malt.app.progress",
          "malt.app.parquet",
          "malt.app.track",
          "malt.app.run",
          "malt.app.export",
          "malt.app.tool",
          "malt.app.team",
          "malt.app.serve",
          "malt.app.watch",
          "malt.app.cli");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("tests.jar"))
          .importPackages("malt");

  @Test
  void the_import_sees_the_core_and_the_application() {
    assertThat(CLASSES.contain("malt.tree.SearchTree")).isTrue();
    assertThat(CLASSES.contain("malt.app.progress.ProgressBar")).isTrue();
  }

  @Test
  void arrows_between_modules_point_only_at_the_core() {
    check(
        noClasses()
            .that(
                not(
                    resideInAnyPackage(
                        "malt.report..", "malt.torch..", "malt.nano..", "malt.app..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "malt.report..", "malt.torch..", "malt.nano..", "malt.app..", "malt.bench.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("malt.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("malt.torch..", "malt.nano..", "malt.app..", "malt.bench.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("malt.torch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("malt.report..", "malt.nano..", "malt.app..", "malt.bench.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("malt.nano..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("malt.report..", "malt.app..", "malt.bench.."));
  }

  @Test
  void a_core_package_uses_only_those_before_it() {
    usesOnlyThoseBefore(CORE);
  }

  @Test
  void a_torch_package_uses_only_those_before_it() {
    usesOnlyThoseBefore(TORCH);
  }

  @Test
  void a_package_of_the_application_uses_only_those_before_it() {
    usesOnlyThoseBefore(APP);
  }

  @Test
  void every_package_of_a_module_with_an_order_stands_in_it() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .filteredOn(name -> name.matches("malt\\.(torch|app)\\b.*"))
        .allSatisfy(
            name ->
                assertThat(Stream.concat(TORCH.stream(), APP.stream()))
                    .anyMatch(known -> (name + ".").startsWith(known + ".")));
  }

  @Test
  void the_root_package_uses_no_other() {
    check(
        noClasses()
            .that()
            .resideInAPackage("malt")
            .should()
            .dependOnClassesThat(notInRootOfMalt()));
  }

  /** Making the embedded model works on bare weights, which nothing else outside of torch does. */
  @Test
  void only_the_torch_module_and_the_recipe_of_the_embedded_model_know_lib_torch() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("malt.torch..", "malt.nano..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", "ai.djl.."));
  }

  @Test
  void only_the_journal_and_the_parquet_corner_speak_sql() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("malt.tree..", "malt.app.parquet..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql.."));
  }

  @Test
  void only_the_command_line_prints() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("malt.app.cli..")
            .should(ACCESS_STANDARD_STREAMS));
  }

  @Test
  void only_the_command_line_exits() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("malt.app.cli..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class));
  }

  @Test
  void nothing_uses_java_util_logging() {
    check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
  }

  @Test
  void every_random_number_comes_from_a_seed() {
    check(
        noClasses()
            .should()
            .callConstructor(Random.class)
            .orShould()
            .callConstructor(SplittableRandom.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(ThreadLocalRandom.class, "current"));
  }

  private static void usesOnlyThoseBefore(List<String> packages) {
    for (int i = 0; i + 1 < packages.size(); i++) {
      String[] later =
          packages.subList(i + 1, packages.size()).stream()
              .map(name -> name + "..")
              .toArray(String[]::new);
      check(
          noClasses()
              .that()
              .resideInAPackage(packages.get(i) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(later));
    }
  }

  private static DescribedPredicate<JavaClass> notInRootOfMalt() {
    return resideInAPackage("malt..").and(not(resideInAPackage("malt")));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
