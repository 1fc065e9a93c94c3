//! Parts of lists and sorted sets.

/// The first and the last rank of the next part of a list or a sorted set, counted from its end, if `read` members have been read and
/// at most `most` are to be. What leaves at the front meanwhile changes no such rank.
pub fn ranks_from_end(read: usize, most: usize) -> [String; 2] {
    [read + most, read + 1].map(|rank| format!("-{rank}"))
}
