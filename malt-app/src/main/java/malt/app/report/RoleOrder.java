package malt.app.report;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Roles in the order in which they speak; those that the paper does not know come last. */
final class RoleOrder {
  private static final List<String> PAPER = List.of("generator", "verifier", "refiner");

  private RoleOrder() {}

  static List<String> of(Collection<String> roles) {
    return roles.stream()
        .distinct()
        .sorted(Comparator.comparingInt(RoleOrder::position).thenComparing(role -> role))
        .toList();
  }

  private static int position(String role) {
    int position = PAPER.indexOf(role);
    return position < 0 ? PAPER.size() : position;
  }
}
