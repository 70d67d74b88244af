package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NanoCorpusTest {
  private static final NanoRecipe RECIPE = NanoRecipe.read(Path.of("../models/nano/recipe.yaml"));
  private static final NanoRecipe.Phase SKILLS = RECIPE.phases().get(0);
  private static final int SIZE = 5_000;
  private static final List<Document> DOCUMENTS = documents(new NanoCorpus(RECIPE, SKILLS, 2));
  private static final List<Conversation> CONVERSATIONS =
      DOCUMENTS.stream().map(Conversation::of).flatMap(Optional::stream).toList();
  private static final List<Conversation> FULL =
      CONVERSATIONS.stream().filter(conversation -> !conversation.practice()).toList();
  private static final List<Conversation> PRACTICE =
      CONVERSATIONS.stream().filter(Conversation::practice).toList();

  private static List<Document> documents(NanoCorpus corpus) {
    List<Document> documents = new ArrayList<>();
    for (int index = 0; index < SIZE; index++) {
      documents.add(corpus.document(index));
    }
    return documents;
  }

  private static <T> List<T> where(List<T> all, Predicate<T> condition) {
    return all.stream().filter(condition).toList();
  }

  private static <T> Shares share(List<T> all, Predicate<T> condition) {
    return Shares.of(where(all, condition).size(), all.size());
  }

  private static boolean blamed(Conversation conversation) {
    return conversation.blame().isPresent();
  }

  /** Whether the redone step's value is the one that the verifier's columns gave. */
  private static boolean obeys(Conversation conversation) {
    Conversation.Check blame = conversation.blame().orElseThrow();
    return conversation.redoneLines().get(0).endsWith("=" + blame.computed());
  }

  private static boolean redoneRight(Conversation conversation) {
    String line = conversation.redoneLines().get(0);
    return line.endsWith("=" + Conversation.result(line));
  }

  @Test
  void a_document_hangs_on_seed_and_index_only() {
    List<Integer> order = new ArrayList<>();
    for (int index = 0; index < 300; index++) {
      order.add(index);
    }
    Collections.shuffle(order, new Random(1));
    NanoCorpus corpus = new NanoCorpus(RECIPE, SKILLS, 2);
    for (int index : order) {
      assertThat(corpus.document(index)).isEqualTo(DOCUMENTS.get(index));
    }
    assertThat(new NanoCorpus(RECIPE, SKILLS, 3).document(0)).isNotEqualTo(DOCUMENTS.get(0));
  }

  @Test
  void kinds_of_document_come_in_the_stated_shares() {
    share(DOCUMENTS, document -> document.text().contains("Solve again."))
        .areNear(SKILLS.corpus().debate());
    share(DOCUMENTS, NanoCorpusTest::bare).areNear(SKILLS.corpus().drills());
    Shares.of(CONVERSATIONS.size(), SIZE)
        .areNear(1 - SKILLS.corpus().debate() - SKILLS.corpus().drills());
    Shares.of(PRACTICE.size(), CONVERSATIONS.size()).areNear(SKILLS.corpus().practice());
  }

  private static boolean bare(Document document) {
    return document.text().matches("(?s)<\\|bos\\|><\\|user\\|>\\d.*");
  }

  @Test
  void users_and_the_marks_of_turns_carry_no_loss() {
    Pattern prompt = Pattern.compile("(<\\|bos\\|>)?<\\|user\\|>[^<]+<\\|assistant\\|>");
    for (Document document : DOCUMENTS.subList(0, 1_000)) {
      List<MatchResult> prompts = prompt.matcher(document.text()).results().toList();
      assertThat(prompts).hasSizeGreaterThan(1);
      for (MatchResult turn : prompts) {
        for (int position = turn.start(); position < turn.end(); position++) {
          assertThat(Conversation.weight(document, position)).isZero();
        }
      }
    }
  }

  @Test
  void solutions_are_corrupted_in_one_step_and_learned_as_stated() {
    share(CONVERSATIONS, conversation -> conversation.wrongStep() >= 0)
        .areNear(SKILLS.solution().corrupt());
    for (Conversation conversation : CONVERSATIONS) {
      int wrong = 0;
      for (int step = 0; step < conversation.steps(); step++) {
        wrong += conversation.stated(step).equals(conversation.result(step)) ? 0 : 1;
      }
      assertThat(wrong).isLessThanOrEqualTo(1);
      assertThat(conversation.answer()).isEqualTo(conversation.stated(conversation.steps() - 1));
    }
    List<Double> right = new ArrayList<>();
    List<Double> wrong = new ArrayList<>();
    for (Conversation conversation : CONVERSATIONS) {
      int mistake = conversation.wrongStep();
      right.add(conversation.resultWeights().get(mistake == 0 ? 1 : 0));
      if (mistake >= 0) {
        wrong.add(conversation.resultWeights().get(mistake));
      }
    }
    share(right, weight -> weight == 1).areNear(SKILLS.corpus().generatorShare());
    share(wrong, weight -> weight == 1).areNear(SKILLS.solution().wrongSolutionLoss());
  }

  @Test
  void the_kind_of_critique_does_not_know_whether_the_solution_is_right() {
    for (boolean right : List.of(true, false)) {
      List<Conversation> some =
          where(FULL, conversation -> (conversation.wrongStep() < 0) == right);
      share(some, Conversation::approves).areNear(RECIPE.critique().approval());
      share(some, Conversation::vague).areNear(RECIPE.critique().vague());
      List<Conversation> fours = where(some, one -> one.steps() == 4 && !one.checks().isEmpty());
      for (int step = 0; step < 4; step++) {
        int first = step;
        share(fours, conversation -> conversation.checks().get(0).step() == first).areNear(0.25);
      }
    }
    assertThat(PRACTICE).noneMatch(Conversation::approves).noneMatch(Conversation::vague);
  }

  @Test
  void practice_checks_start_with_the_wrong_step_as_often_as_stated() {
    List<Conversation> wrong =
        where(PRACTICE, conversation -> conversation.steps() == 4 && conversation.wrongStep() >= 0);
    double meant = SKILLS.corpus().practiceWrongStep();
    share(wrong, one -> one.checks().get(0).step() == one.wrongStep())
        .areNear(meant + (1 - meant) / 4);
  }

  @Test
  void checks_without_slip_and_flip_tell_the_truth() {
    int truthful = 0;
    for (Conversation conversation : CONVERSATIONS) {
      for (Conversation.Check check : conversation.checks()) {
        assertThat(check.stated()).isEqualTo(conversation.stated(check.step()));
        assertThat(ColumnFacts.carriesChain(check.columns())).isTrue();
        assertThat(ColumnFacts.value(check.columns()))
            .isEqualTo(Integer.parseInt(check.computed()));
        boolean flipped = check.wrong() == check.computed().equals(check.stated());
        if (check.columns().stream().allMatch(ColumnFacts::holds)) {
          assertThat(check.computed()).isEqualTo(conversation.result(check.step()));
          if (!flipped) {
            assertThat(check.wrong()).isEqualTo(check.step() == conversation.wrongStep());
            truthful++;
          }
        }
      }
    }
    assertThat(truthful).isGreaterThan(3_000);
  }

  @Test
  void slips_flips_and_further_steps_come_as_stated_in_practice_as_in_full_conversations() {
    for (List<Conversation> some : List.of(FULL, PRACTICE)) {
      List<Conversation.Check> checks =
          some.stream().flatMap(conversation -> conversation.checks().stream()).toList();
      List<String> columns = checks.stream().flatMap(check -> check.columns().stream()).toList();
      share(columns, column -> !ColumnFacts.holds(column)).areNear(RECIPE.critique().slip());
      share(checks, check -> check.wrong() == check.computed().equals(check.stated()))
          .areNear(RECIPE.critique().flip());
      List<Conversation> open =
          where(
              some,
              one ->
                  !one.checks().isEmpty()
                      && !one.checks().get(0).wrong()
                      && one.checks().get(0).step() < one.steps() - 1);
      share(open, conversation -> conversation.checks().size() > 1)
          .areNear(RECIPE.critique().proceed());
    }
  }

  @Test
  void a_check_ends_with_the_first_wrong_step() {
    for (Conversation conversation : CONVERSATIONS) {
      List<Conversation.Check> checks = conversation.checks();
      for (int index = 0; index < checks.size(); index++) {
        assertThat(checks.get(index).step()).isEqualTo(checks.get(0).step() + index);
        assertThat(checks.get(index).wrong() && index < checks.size() - 1).isFalse();
      }
    }
  }

  @Test
  void refinements_obey_keep_and_spoil_as_stated() {
    NanoRecipe.Refinement stated = RECIPE.refinement();
    List<Conversation> blamed = where(FULL, NanoCorpusTest::blamed);
    share(blamed, one -> !one.keeps() && obeys(one)).areNear(stated.blamedObey());
    share(blamed, one -> !one.keeps() && !obeys(one)).areNear(stated.blamedSpoil());
    share(where(FULL, Conversation::vague), one -> !one.keeps()).areNear(stated.vagueRedo());
    List<Conversation> unblamed = where(FULL, one -> !blamed(one) && !one.vague());
    share(unblamed, one -> !one.keeps() && redoneRight(one)).areNear(stated.unblamedRedo());
    share(unblamed, one -> !one.keeps() && !redoneRight(one)).areNear(stated.unblamedSpoil());
  }

  @Test
  void practice_redoes_whatever_was_found_wrong_and_spoils_as_often_among_redos() {
    NanoRecipe.Refinement stated = RECIPE.refinement();
    List<Conversation> blamed = where(PRACTICE, NanoCorpusTest::blamed);
    assertThat(blamed).noneMatch(Conversation::keeps);
    assertThat(where(PRACTICE, one -> !blamed(one))).allMatch(Conversation::keeps);
    share(blamed, one -> !obeys(one))
        .areNear(stated.blamedSpoil() / (stated.blamedObey() + stated.blamedSpoil()));
    assertThat(PRACTICE).allMatch(conversation -> conversation.revisionWeight() == 0);
    assertThat(FULL).allMatch(conversation -> conversation.revisionWeight() == 1);
  }

  @Test
  void a_redo_starts_at_the_blamed_step_and_its_later_lines_are_right() {
    for (Conversation conversation : CONVERSATIONS) {
      if (conversation.keeps()) {
        assertThat(conversation.refinement()).isEqualTo("Keep.\n#### " + conversation.answer());
        continue;
      }
      int step = conversation.redoneStep();
      conversation.blame().ifPresent(check -> assertThat(step).isEqualTo(check.step()));
      List<String> lines = conversation.redoneLines();
      assertThat(lines).hasSize(conversation.solution().size() - step);
      String left = conversation.solution().get(step).split("=")[0];
      assertThat(lines.get(0)).startsWith(left + "=");
      for (int index = 1; index < lines.size() - 1; index++) {
        String previous = lines.get(index - 1).split("=")[1];
        assertThat(lines.get(index)).startsWith(previous);
        assertThat(lines.get(index)).endsWith("=" + Conversation.result(lines.get(index)));
      }
      assertThat(lines.get(lines.size() - 1))
          .isEqualTo("#### " + lines.get(lines.size() - 2).split("=")[1]);
    }
  }

  @Test
  void verdicts_weigh_what_the_recipe_says_and_practice_choices_nothing() {
    for (Document document : DOCUMENTS) {
      Optional<Conversation> conversation = Conversation.of(document);
      if (conversation.isEmpty() || conversation.get().checks().isEmpty()) {
        continue;
      }
      String text = document.text();
      int critique = text.indexOf("Check the answer.<|assistant|>") + 30;
      double choice = conversation.get().practice() ? 0 : 1;
      assertThat(Conversation.weight(document, critique)).isEqualTo(choice);
      assertThat(Conversation.weight(document, critique + 1)).isEqualTo(choice);
      assertThat(Conversation.weight(document, critique + 2)).isEqualTo(1);
      int slash = text.indexOf('/', critique); // "432/422 wrong": the verdict follows the value
      assertThat(Conversation.weight(document, slash + RECIPE.problems().digits())).isEqualTo(1);
      assertThat(Conversation.weight(document, slash + RECIPE.problems().digits() + 1))
          .isEqualTo(SKILLS.corpus().verdictWeight());
    }
  }
}
