# What a saved model remembers of the table that it was trained on: "table" in the metadata of its file, as JSON with these
# field names. Written when a model is saved, read when it is tested on another table, so that labels mean the same classes.

@0x8f1d60c4b7a92e35;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

struct Table {
  columns @0 :UInt32;
  # With the label's; at least 2.
  columnNames @1 :List(Text);
  # As many, or none where the table had no header. UTF-8.
  labelColumn @2 :UInt32;
  # From 0.
  classes @3 :UInt32;
  # Labels are 0 … classes - 1. 0: labels are numbers, not classes.
  classNames @4 :List(Text);
  # The text that stands for each class, ascending by bytes; none where labels are numbers. UTF-8.
}

struct RatingNames {
  # The same of ratings: "ratings" in the metadata.

  users @0 :List(Text);
  # By row of the user's factors. UTF-8, each once.
  items @1 :List(Text);
  # By row of the item's factors.
}
