//! ERB in the files of Ruby projects: variables and conditions about them are read, everything else is refused, because Ruby
//! is not run here.

mod branches;
mod condition;
mod expression;
mod template;

pub(crate) use template::ErbTemplate;
