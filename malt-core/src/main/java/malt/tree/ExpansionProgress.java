package malt.tree;

import java.util.Set;
import malt.model.Remark;

/**
 * Where an expansion stands after a call.
 *
 * @param turn the turn whose nodes were just added, called {@code name}
 * @param done nodes of the whole expansion so far
 * @param total nodes of the whole expansion; falls when a node will get no children: it failed, or
 *     ended its team's work
 * @param sampled nodes just sampled; those read from the journal do not count
 * @param tokens new tokens just sampled; 0 where the journal held every node of the call
 * @param remarks made of any of the nodes just sampled
 */
public record ExpansionProgress(
    int turn, String name, long done, long total, int sampled, long tokens, Set<Remark> remarks) {}
