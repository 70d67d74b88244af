package malt.problem.math;

import java.util.Map;
import java.util.Set;
import malt.WordList;

/** The LaTeX commands that are known, by how they are read. */
final class Commands {
  /** Relations as they are written, with the operator that each one means. */
  static final Map<String, String> RELATIONS =
      Map.ofEntries(
          Map.entry("=", "="),
          Map.entry("\\equiv", "="),
          Map.entry("<", "<"),
          Map.entry("\\lt", "<"),
          Map.entry(">", ">"),
          Map.entry("\\gt", ">"),
          Map.entry("\\le", "<="),
          Map.entry("\\leq", "<="),
          Map.entry("\\leqslant", "<="),
          Map.entry("\\ge", ">="),
          Map.entry("\\geq", ">="),
          Map.entry("\\geqslant", ">="),
          Map.entry("\\ne", "!="),
          Map.entry("\\neq", "!="),
          Map.entry("\\in", "in"),
          Map.entry("\\approx", "~"),
          Map.entry("\\simeq", "~"));

  static final Set<String> FUNCTIONS =
      WordList.of(
          """
          \\sin \\cos \\tan \\cot \\sec \\csc \\arcsin \\arccos \\arctan \\log \\ln \\exp
          \\sinh \\cosh \\tanh
          """);
  static final Set<String> BIG_OPERATORS =
      Set.of("\\sum", "\\prod", "\\int", "\\lim", "\\max", "\\min", "\\gcd", "\\bigcup");
  static final Set<String> TRANSPARENT =
      WordList.of(
          """
          \\boxed \\fbox \\overline \\bar \\vec \\hat \\widehat \\tilde \\overrightarrow
          \\underline \\pmb \\bold \\bm
          """);
  static final Set<String> PREFIXES =
      Set.of("\\angle", "\\triangle", "\\bf", "\\rm", "\\it", "\\mathstrut");
  static final Set<String> NAMES =
      WordList.of(
          """
          \\pi \\infty \\alpha \\beta \\gamma \\delta \\epsilon \\varepsilon \\zeta \\eta
          \\theta \\vartheta \\iota \\kappa \\lambda \\mu \\nu \\xi \\rho \\sigma \\tau
          \\phi \\varphi \\chi \\psi \\omega \\Gamma \\Delta \\Theta \\Lambda \\Xi \\Pi
          \\Sigma \\Phi \\Psi \\Omega \\ell \\emptyset \\varnothing \\clubsuit \\diamondsuit
          \\heartsuit \\spadesuit \\dots \\ldots \\cdots
          """);
  static final Set<String> FUNCTION_NAMES = Set.of("f", "g", "h", "F", "G", "P", "W");

  static final Set<String> WITH_ARGUMENTS =
      WordList.of("\\frac \\sqrt \\binom \\dbinom \\tbinom \\lfloor \\lceil \\lvert \\langle");

  private Commands() {}
}
