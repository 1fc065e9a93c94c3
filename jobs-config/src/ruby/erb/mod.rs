//! ERB in the files of Ruby projects: variables are read, everything else is refused, because Ruby is not run here.

mod expression;
mod template;

pub(crate) use template::ErbTemplate;
