// Open the printer's window at once; the page is only there to be printed.
window.print();
