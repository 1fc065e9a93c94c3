#[deprecated]
#[job(blocking, struct = Tally, name = "count_words", aliases("count"), version = 2, upgrade = newer)]
pub(crate) fn count(words: String) -> io::Result<usize> {
    Ok(words.len())
}
