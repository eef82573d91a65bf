/* Reading activity data chunk by chunk into a binder: a stream of JSON (object, array of objects, NDJSON), or a folder
   of CSV files. The reader owns its window, which holds one record at a time; a folder is held as a whole. It keeps
   nothing of a batch. Must not know of what is done with a batch. */
#ifndef ZUJI_VM_READER_H
#define ZUJI_VM_READER_H

#include "vm/bind.h"

struct reader;

/* Reads into buffer at most capacity bytes; returns their number, 0 at the end, negative for an error (as
 * zuji_read_fn). */
typedef long (*reader_read)(void *user, char *buffer, size_t capacity);

/* What concerns the input as a whole goes to `messages`, which must outlive the reader as `name` must. */
struct reader *reader_stream(struct binder *binder, struct diags *messages, struct str name, reader_read read,
                             void *user);
/* Where the folder or one of its files cannot be read there is a message and reader_failed is true; where its tables do
   not fit the program there are messages; no products come then. At most LIMIT_FOLDER bytes of files. Never NULL. */
struct reader *reader_folder(struct binder *binder, struct diags *messages, struct str path);
void reader_free(struct reader *reader); /* NULL is fine */

/* Clears the batch and fills it with the next chunk. False where there are no more products; then the batch is empty,
   and reader_failed tells an error of the read callback from the end. */
bool reader_next(struct reader *reader, struct batch *batch);
bool reader_failed(const struct reader *reader);

/* JSON:   array     [ {…}, {…} ]             a syntax error refuses its product; where nobody knows where that ends, it ends the stream
           NDJSON    {…} \n {…}               a syntax error refuses the product of its line only
           object    {…} over several lines   a single product
   told apart by the first bracket, and by whether the first line is a whole object.

   CSV folder: the products are in products.csv, or in the file with the rule's name, or in the only file that is no
   list's; one row each, `id` names them. A list's rows are in <list>.csv or <parent>.<list>.csv (any spelling of the
   names), under these columns: product   id of the product (or `product_id`, needed where the list has a field
   `product`) row       lists in lists: number of the parent's row among the product's rows in the parent's file, from 1
   (or `parent_row`) and one column for each field, with its unit if that is another than the rule's: "mass [t]", "mass
   (t)", and columns such as "mass.origin" for what is said of its data besides. An empty cell is absent. A list
   without file is absent; one whose file has no row for a product is empty. Rows keep their order within a product. */

#endif
