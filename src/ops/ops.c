typedef int ops_empty;
